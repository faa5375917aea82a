package jobs

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivertype"
)

// ErrKind says that a kind is unknown, named twice or badly described.
var ErrKind = errors.New("jobs: kind")

const (
	// pollEvery is how soon a waiting job is seen: lib/pq gives River no notice.
	pollEvery = 200 * time.Millisecond
	// fetchCooldown lets a busy queue fetch the next jobs almost at once.
	fetchCooldown = 5 * time.Millisecond
)

// waiting are the states in which a job keeps the same one from being enqueued again.
var waiting = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Client enqueues jobs and, between Start and Stop, does them. One is enough for a process.
type Client struct {
	db    *sqlx.DB
	log   *slog.Logger
	kinds map[string]Kind
	river *river.Client[*sql.Tx]
	alive *presence
}

// New returns a Client that knows the kinds; ErrKind names one that is described badly or twice. It needs Migrate
// to have run before anything is enqueued.
func New(db *sqlx.DB, log *slog.Logger, kinds ...Kind) (*Client, error) {
	c := &Client{db: db, log: log, kinds: map[string]Kind{}}
	for _, k := range kinds {
		if _, twice := c.kinds[k.Name]; twice || !k.valid() {
			return nil, fmt.Errorf("%w: %q", ErrKind, k.Name)
		}
		c.kinds[k.Name] = k
	}
	c.alive = &presence{db: db, log: log, id: rand.Text(), kinds: c.kinds, settle: settling}
	config := c.config()
	for _, k := range kinds {
		if k.Every > 0 {
			config.PeriodicJobs = append(config.PeriodicJobs, river.NewPeriodicJob(
				river.PeriodicInterval(k.Every),
				func() (river.JobArgs, *river.InsertOpts) { return args{name: k.Name}, options(k) },
				// At start, since a new leader counts its intervals from there: a daily sweep would never come
				// otherwise.
				&river.PeriodicJobOpts{ID: k.Name, RunOnStart: true}))
		}
	}
	var err error
	if c.river, err = river.NewClient(riverdatabasesql.New(db.DB), config); err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return c, nil
}

// config is River's, with workers and queues but nothing periodic.
func (c *Client) config() *river.Config {
	config := &river.Config{
		ID:                          c.alive.id,
		Schema:                      Schema,
		Logger:                      newSeldom(c.log),
		PollOnly:                    true,
		FetchPollInterval:           pollEvery,
		FetchCooldown:               fetchCooldown,
		JobTimeout:                  usualTimeout,
		RescueStuckJobsAfter:        rescueAfter,
		DiscardedJobRetentionPeriod: 30 * 24 * time.Hour,
		CancelledJobRetentionPeriod: 30 * 24 * time.Hour,
		ReindexerSchedule:           river.NeverSchedule(), // the program does not own the tables
		Queues:                      map[string]river.QueueConfig{sharedQueue: {MaxWorkers: sharedWorkers}},
		Workers:                     river.NewWorkers(),
	}
	for _, k := range c.kinds {
		if k.Workers > 0 {
			config.Queues[k.queue()] = river.QueueConfig{MaxWorkers: k.Workers}
		}
		river.AddWorkerArgs(config.Workers, args{name: k.Name}, &worker{kind: k, db: c.db, inHand: &c.alive.inHand})
	}
	return config
}

// Enqueue adds a job inside the caller's transaction; it is done soon after the commit. One of the same kind and
// ids that is waiting is not doubled; one that is running will be done once more, one that failed is tried at once. ErrKind for a kind the Client does not know.
func (c *Client) Enqueue(ctx context.Context, tx *sqlx.Tx, kind string, organisationID, id int64) error {
	k, known := c.kinds[kind]
	if !known {
		return fmt.Errorf("%w: %q", ErrKind, kind)
	}
	for range 10 { // it may begin or end just now, and then again
		result, err := c.river.InsertTx(ctx, tx.Tx, args{name: kind, OrganisationID: organisationID, ID: id}, options(k))
		if err != nil {
			return fmt.Errorf("job %s of organisation %d, %d: %w", kind, organisationID, id, err)
		}
		if !result.UniqueSkippedAsDuplicate {
			return nil
		}
		if kept, err := askAgain(ctx, tx, result.Job.ID); err != nil || kept {
			return err
		}
	}
	return fmt.Errorf("%w: %q of organisation %d, %d will not be held", ErrKind, kind, organisationID, id)
}

func options(k Kind) *river.InsertOpts {
	return &river.InsertOpts{Queue: k.queue(), UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: waiting}}
}

// Start begins to do jobs and returns. Only Stop ends it, so that a signal that ends ctx leaves running jobs their time.
// What a process that died was doing is taken up first.
func (c *Client) Start(ctx context.Context) error {
	if err := c.alive.begin(ctx); err != nil {
		return err
	}
	if err := c.river.Start(context.WithoutCancel(ctx)); err != nil {
		c.alive.end()
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}

// Stop takes no more jobs and waits for the running ones until ctx ends; then it cancels them, and they run again
// elsewhere.
func (c *Client) Stop(ctx context.Context) error {
	defer c.alive.end()
	return stop(ctx, c.river)
}

func stop(ctx context.Context, r *river.Client[*sql.Tx]) error {
	if err := r.Stop(ctx); err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := r.StopAndCancel(ctx); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}

// Drain does everything that is due, and what that enqueues, and returns. A job that failed is due again only
// later. It is for tests and for one-off commands, in a process that has not called Start; nothing periodic is run.
func (c *Client) Drain(ctx context.Context) error {
	config := c.config()
	config.LeaderElectionDisabled = true
	drainer, err := river.NewClient(riverdatabasesql.New(c.db.DB), config)
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	if err := c.alive.appear(ctx); err != nil {
		return err
	}
	defer c.alive.end()
	if err := drainer.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	return errors.Join(c.untilDone(ctx), stop(ctx, drainer))
}

func (c *Client) untilDone(ctx context.Context) error {
	for {
		var due bool
		err := c.db.GetContext(ctx, &due, `
			SELECT EXISTS (
			       SELECT 1
			         FROM river.river_job
			        WHERE state = 'running'
			           OR (state IN ('available', 'retryable', 'scheduled') AND scheduled_at <= now()))`)
		if err != nil {
			return fmt.Errorf("jobs: %w", err)
		}
		if !due {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}
