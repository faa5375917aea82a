package jobs

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"
)

// ErrGiveUp marks an error that no further attempt will mend: fmt.Errorf("receipt %d: %w: …", id, jobs.ErrGiveUp).
var ErrGiveUp = errors.New("jobs: no attempt will help")

// Work does a job. It must be harmless to repeat. Its error is kept and logged: ids, no names.
type Work func(ctx context.Context, organisationID, id int64) error

// Kind is one sort of work.
type Kind struct {
	Name    string        // lower case with underscores: stripe_event
	Work    Work          // called with the ids given to Enqueue, or 0 and 0 by Every
	Workers int           // at most so many at once in this process; 0 shares the common eight
	Timeout time.Duration // 0 is two minutes; longer than ten is refused
	Every   time.Duration // also runs by itself, once over all replicas; 0 never, else at least a second
}

const (
	sharedQueue   = "shared"
	sharedWorkers = 8

	usualTimeout   = 2 * time.Minute
	longestTimeout = 10 * time.Minute
	// longestWait is the most between two attempts: 25 attempts are about four days, and a job that waits for its next
	// attempt keeps the same one from being enqueued.
	longestWait = 6 * time.Hour
	// rescueAfter is when a job counts as left whoever may be at work on it: no job may run that long. What a process left
	// that is known to be dead is taken up within seconds, see presence.
	rescueAfter = longestTimeout + time.Minute
)

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9_]{1,60}$`)

func (k Kind) valid() bool {
	return nameShape.MatchString(k.Name) && k.Name != sharedQueue && k.Work != nil && k.Workers >= 0 &&
		k.Timeout >= 0 && k.Timeout <= longestTimeout && (k.Every == 0 || k.Every >= time.Second)
}

// queue is where jobs of the kind wait: River counts workers by queue.
func (k Kind) queue() string {
	if k.Workers == 0 {
		return sharedQueue
	}
	return k.Name
}

// args is what River keeps of a job. All kinds have this one type; the name tells them apart.
type args struct {
	name           string
	OrganisationID int64 `json:"organisation_id"`
	ID             int64 `json:"id"`
}

// Kind names the kind to River.
func (a args) Kind() string { return a.name }

// worker runs the jobs of one kind.
type worker struct {
	river.WorkerDefaults[args]
	kind   Kind
	db     *sqlx.DB
	inHand *sync.Map
}

func (w *worker) Work(ctx context.Context, job *river.Job[args]) error {
	w.inHand.Store(job.ID, true)
	defer w.inHand.Delete(job.ID)
	err := w.kind.Work(ctx, job.Args.OrganisationID, job.Args.ID)
	if errors.Is(err, ErrGiveUp) {
		return river.JobCancel(err)
	}
	if err == nil && w.kind.Every == 0 { // what comes by itself comes again by itself
		return w.end(ctx, job)
	}
	return err
}

func (w *worker) Timeout(*river.Job[args]) time.Duration {
	if w.kind.Timeout > 0 {
		return w.kind.Timeout
	}
	return usualTimeout
}

// NextRetry is when a failed attempt is followed by another.
func (w *worker) NextRetry(job *river.Job[args]) time.Time {
	if job.AttemptedAt == nil {
		return time.Time{} // River's own time for it
	}
	return job.AttemptedAt.Add(w.kind.wait(job.Attempt))
}

// wait is 1, 16, 81, 256 … seconds after an attempt, and no longer than a periodic kind's own interval: otherwise a sweep
// that failed some times would not run for hours.
func (k Kind) wait(attempts int) time.Duration {
	attempt := time.Duration(attempts)
	wait := min(attempt*attempt*attempt*attempt*time.Second, longestWait)
	if k.Every > 0 {
		wait = min(wait, k.Every)
	}
	return wait
}
