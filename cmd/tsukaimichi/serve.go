package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/jmoiron/sqlx"

	practiceclock "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/migrations"
)

// errOwner says that the program was to run as a role with more rights than it may have.
var errOwner = errors.New("serve must not run as the role that owns the tables, nor as a superuser; give --database-url the program's own role")

// errPending says that the database is behind.
var errPending = errors.New("the database is behind this release: run tsukaimichi migrate first")

// serveCommand runs for real.
type serveCommand struct{}

func (c *serveCommand) run(ctx context.Context, p *program, _ []string) error {
	if err := p.forServe(); err != nil {
		return err
	}
	p.log.Info("settings", "settings", p.Settings)
	h, err := openProduction(ctx, p, "")
	if err != nil {
		return err
	}
	return h.listen(ctx)
}

// listen serves at the address of the settings until ctx ends, and closes what was opened.
func (h *host) listen(ctx context.Context) error {
	defer func() {
		if err := errors.Join(h.files.Close(), h.db.Close()); err != nil {
			h.log.Error("closing", "error", err)
		}
	}()
	listener, err := net.Listen("tcp", h.Listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", h.Listen, err)
	}
	h.log.Info("serving", "listen", listener.Addr().String(), "site", h.Site)
	return h.serve(ctx, listener)
}

// openProduction opens everything production stands on, and refuses what would make it unsafe. stripeURL is where Stripe is; empty is
// Stripe itself.
func openProduction(ctx context.Context, p *program, stripeURL string) (*host, error) {
	h := &host{program: p, clock: practiceclock.System{}}
	var err error
	if h.db, err = openDatabase(ctx, p.Database.URL, p.Database.Connections); err != nil {
		return nil, err
	}
	if err = errors.Join(refuseOwner(ctx, h.db), refusePractice(ctx, h.db)); err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	off, err := forgetful(ctx, h.db)
	if err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	if len(off) > 0 {
		p.log.Warn("the database may forget in a crash what it acknowledged", "off", off)
	}
	if h.box, err = openBox(p.SealKey); err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	if h.files, err = files.OpenURL(ctx, p.Files); err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	h.sender, err = mail.NewSMTP(mail.Settings{
		Host: p.Mail.Host, Port: p.Mail.Port, Encryption: mail.Encryption(p.Mail.Encryption), User: p.Mail.User,
		Password: seal.Secret(p.Mail.Password), From: p.Mail.From, FromName: "使い道",
	}, h.files)
	if err == nil {
		err = h.assemble(stripeURL)
	}
	if err != nil {
		return nil, errors.Join(err, h.files.Close(), h.db.Close())
	}
	return h, nil
}

func openBox(text string) (*seal.Box, error) {
	key, err := seal.ParseKey(text)
	if err != nil {
		return nil, fmt.Errorf("--seal-key: %w", err)
	}
	return seal.New(key)
}

// refuseOwner refuses roles that the grants do not limit, and a database that is behind.
func refuseOwner(ctx context.Context, db *sqlx.DB) error {
	var mighty bool
	err := db.GetContext(ctx, &mighty, `
		SELECT r.rolsuper OR EXISTS (
		         SELECT FROM pg_class c
		          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_has_role(r.oid, c.relowner, 'member'))
		  FROM pg_roles r
		 WHERE r.rolname = current_user`)
	if err != nil {
		return fmt.Errorf("database role: %w", err)
	}
	if mighty {
		return errOwner
	}
	pending, err := migrations.Pending(ctx, db)
	if err != nil {
		return err
	}
	if pending {
		return errPending
	}
	return nil
}

// refusePractice refuses a database that holds practice organisations: their gifts never were.
func refusePractice(ctx context.Context, db *sqlx.DB) error {
	var practised bool
	if err := db.GetContext(ctx, &practised, `SELECT EXISTS (SELECT FROM organisation WHERE practice)`); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if practised {
		return errors.New("this database holds practice organisations; production needs one of its own")
	}
	return nil
}
