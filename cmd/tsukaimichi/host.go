package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/asking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/duties"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/erasing"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/papers"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seeking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/prepared"
)

// clock tells the program's time: the machine's, or the practice clock.
type clock interface{ Now() time.Time }

// host is the program at work: the parts that serve and practice share.
type host struct {
	*program
	db     *sqlx.DB
	clock  clock
	files  *files.Store
	box    *seal.Box
	sender mail.Sender
	till   *payments.Till
	press  *papers.Press
	asking *asking.Desk
	jobs   *jobs.Client
	site   web.Config // completed by practice before open
}

// openDatabase connects as the program's own role.
func openDatabase(ctx context.Context, dsn string, connections int) (*sqlx.DB, error) {
	db, err := prepared.Open(dsn)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxLifetime(time.Hour)
	if err = db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("database: %w", err), db.Close())
	}
	return db, nil
}

// assemble puts the parts together. db, clock, files, box and sender are given; stripeURL is the practice Stripe's, or empty.
func (h *host) assemble(stripeURL string) error {
	h.press = &papers.Press{DB: h.db, Files: h.files, Now: h.clock.Now, Site: h.Site}
	h.till = &payments.Till{DB: h.db, Box: h.box, Now: h.clock.Now, BaseURL: stripeURL, Site: h.Site, Log: h.log,
		Enqueue: func(ctx context.Context, tx *sqlx.Tx, kind string, organisationID, id int64) error {
			return h.jobs.Enqueue(ctx, tx, kind, organisationID, id)
		}}
	key, err := h.linkSecret()
	if err != nil {
		return err
	}
	h.till.Links = telling.Links{Site: h.Site, Key: key}
	h.press.Links = h.till.Links
	h.asking = &asking.Desk{DB: h.db, Till: h.till, Now: h.clock.Now, Site: h.Site, Key: key}
	h.jobs, err = jobs.New(h.db, quiet(h.log), append(h.kinds(), h.backupKinds()...)...)
	return err
}

// kinds are the sorts of work done in the background.
func (h *host) kinds() []jobs.Kind {
	each := func(do func(ctx context.Context, organisationID int64) error) jobs.Work {
		return func(ctx context.Context, _, _ int64) error { return h.eachOrganisation(ctx, do) }
	}
	eraser := &erasing.Eraser{DB: h.db, Files: h.files, Now: h.clock.Now}
	return append(h.sealingKinds(), []jobs.Kind{
		{Name: "mail", Every: 2 * time.Second, Workers: 1, Work: func(ctx context.Context, _, _ int64) error {
			_, err := mail.Deliver(ctx, h.db, h.sender, h.clock.Now)
			return err
		}},
		{Name: payments.EventsJob, Workers: 2, Work: func(ctx context.Context, organisationID, _ int64) error {
			return h.till.Process(ctx, organisationID)
		}},
		{Name: "payments_sweep", Every: 10 * time.Minute, Workers: 1, Timeout: 10 * time.Minute, Work: each(h.till.Sweep)},
		{Name: "payments_events_left", Every: 30 * time.Second, Workers: 1, Work: each(h.processLeft)},
		{Name: payments.RefundJob, Workers: 1, Work: h.till.SendRefund},
		{Name: payments.EndPagesJob, Workers: 1, Work: func(ctx context.Context, organisationID, _ int64) error { return h.till.EndPages(ctx, organisationID) }},
		{Name: "payments_check", Every: 24 * time.Hour, Workers: 1, Timeout: 10 * time.Minute, Work: each(h.till.Check)},
		{Name: payments.ReceiptJob, Workers: 1, Work: h.press.Receipt}, // printing fills a core: the others are for pages
		{Name: "campaigns_due", Every: time.Minute, Workers: 1, Work: each(h.turnDue)},
		{Name: asking.Job, Workers: 1, Timeout: 10 * time.Minute, Work: h.asking.Turn},
		{Name: asking.Job + "_due", Every: time.Minute, Workers: 1, Timeout: 10 * time.Minute, Work: each(func(ctx context.Context, organisationID int64) error {
			return h.asking.Turn(ctx, organisationID, 0)
		})},
		{Name: "grant_letters", Every: time.Hour, Workers: 1, Timeout: 10 * time.Minute, Work: func(ctx context.Context, _, _ int64) error {
			if seeking.Early(h.clock.Now()) {
				return nil
			}
			return h.seekGrants(ctx)
		}},
		{Name: "roles_ending", Every: time.Hour, Workers: 1, Work: each(h.remind)},
		{Name: "erase_files", Every: time.Minute, Workers: 1, Timeout: 10 * time.Minute, Work: each(eraser.Sweep)},
		{Name: "erase_due", Every: 24 * time.Hour, Workers: 1, Timeout: 10 * time.Minute, Work: each(eraser.Due)},
		{Name: "prune", Every: time.Hour, Workers: 1, Work: func(ctx context.Context, _, _ int64) error { return h.prune(ctx) }},
	}...)
}

func (h *host) eachOrganisation(ctx context.Context, do func(ctx context.Context, organisationID int64) error) error {
	all, err := ledger.Organisations(ctx, h.db)
	if err != nil {
		return err
	}
	var first error
	for _, o := range all {
		if err := do(ctx, o.ID); err != nil && first == nil {
			first = fmt.Errorf("organisation %d: %w", o.ID, err)
		}
	}
	return first
}

// processLeft looks into events whose job was lost or came while another ran.
func (h *host) processLeft(ctx context.Context, organisationID int64) error {
	err := h.till.ProcessLeft(ctx, organisationID)
	if errors.Is(err, payments.ErrNoAccount) {
		return nil
	}
	return err
}

func (h *host) turnDue(ctx context.Context, organisationID int64) error {
	return ledger.InTx(ctx, h.db, func(tx *sqlx.Tx) error {
		_, err := campaigns.TurnDue(ctx, tx, organisationID, h.clock.Now())
		return err
	})
}

// remind tells those who have to act of roles that end soon and of reports that are due.
func (h *host) remind(ctx context.Context, organisationID int64) error {
	return errors.Join(access.Remind(ctx, h.db, organisationID, h.Site, h.clock.Now()),
		duties.Remind(ctx, h.db, organisationID, h.Site, h.clock.Now()))
}

// seekGrants writes to those who look for grants what is new to their searches.
func (h *host) seekGrants(ctx context.Context) error {
	return seeking.Write(ctx, h.db, h.till.Links, h.clock.Now())
}

// purgeOpenings takes out what the access log has kept long enough.
func (h *host) purgeOpenings(ctx context.Context, organisationID int64) error {
	gone, err := access.Purge(ctx, h.db, organisationID, h.clock.Now())
	if gone > 0 {
		h.log.Info("access log purged", slog.Int64("organisation", organisationID), slog.Int64("rows", gone))
	}
	return err
}

func (h *host) prune(ctx context.Context) error {
	now := h.clock.Now()
	err := errors.Join(auth.Prune(ctx, h.db, now), limit.Prune(ctx, h.db, now), h.eachOrganisation(ctx, h.till.Prune),
		h.eachOrganisation(ctx, h.purgeOpenings))
	if _, practice := h.sender.(mail.Mailbox); !practice { // the practice mailbox keeps its letters when the clock is moved
		_, eraseErr := mail.Erase(ctx, h.db, now)
		err = errors.Join(err, eraseErr)
	}
	return err
}

// unlessEnded is the error, or none when the program was told to end while it began.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// serve answers requests and does jobs until ctx ends, then finishes what is under way.
func (h *host) serve(ctx context.Context, listener net.Listener) error {
	if err := publishForms(ctx, h.db, h.clock.Now()); err != nil {
		return unlessEnded(ctx, err)
	}
	key, err := h.linkSecret()
	if err != nil {
		return err
	}
	signing, err := checkpointKey(h.box)
	if err != nil {
		return err
	}
	c := h.site
	c.LogKey = signing.Public().(ed25519.PublicKey)
	c.DB, c.Files, c.Till, c.Press, c.Now, c.Log = h.db, h.files, h.till, h.press, h.clock.Now, h.log
	c.Site, c.Secure, c.Proxy, c.Secret, c.Enqueue, c.Metrics = h.Site, h.secure(), h.Proxy, key, h.jobs.Enqueue, promhttp.Handler()
	c.BackupLate = h.backupLate
	c.Box = h.box
	c.Frame = page.Site{Operator: h.Operator.Name, OperatorTel: h.Operator.Tel, OperatorHours: h.Operator.Hours, OperatorMail: h.Operator.Mail}
	pages, err := web.New(c)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: pages.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
	if err = h.jobs.Start(ctx); err != nil {
		return unlessEnded(ctx, err)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = nil
	}
	stopping, cancel := context.WithTimeout(context.Background(), graceful)
	defer cancel()
	return errors.Join(err, server.Shutdown(stopping), h.jobs.Stop(stopping))
}

// linkSecret is the key of private links, derived from the sealing key so that there is one secret to keep.
func (h *host) linkSecret() ([]byte, error) { return h.box.Derive("private links") }

// quiet lets through what needs somebody's attention: the queue reports every count it makes.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(attention{log.Handler()}) }

// attention passes warnings and errors on.
type attention struct{ slog.Handler }

// Enabled reports whether a record needs attention.
func (a attention) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }
