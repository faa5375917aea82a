package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	practiceclock "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// organisationCommand founds an organisation.
type organisationCommand struct {
	Name string `long:"name" required:"yes" description:"name as it is written on papers"`
	Slug string `long:"slug" required:"yes" description:"public name: /o/SLUG"`
	Kind string `long:"kind" default:"volunteer" choice:"npo" choice:"shakyo" choice:"chonaikai" choice:"volunteer" choice:"other" description:"what sort of group"`
}

func (c *organisationCommand) run(ctx context.Context, p *program, _ []string) error {
	if !ledger.SlugFits(c.Slug) {
		return fmt.Errorf("%w: --slug takes 2 to 63 letters, digits and hyphens", errSettings)
	}
	return p.withDatabase(ctx, func(db *sqlx.DB) error {
		err := ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
			now := practiceclock.System{}.Now()
			id, err := ledger.FoundOrganisation(ctx, tx, ledger.Organisation{Name: c.Name, Slug: c.Slug, Kind: c.Kind, AddressDisclosed: true, CreatedAt: now})
			if err != nil {
				return err
			}
			return access.Log(ctx, tx, access.Opening{OrganisationID: id, What: access.Change, Route: "tsukaimichi organisation"}, now)
		})
		if err == nil {
			fmt.Fprintf(p.out, "founded: %s/o/%s\n", p.Site, c.Slug)
		}
		return err
	})
}

// userCommand has one subcommand, add.
type userCommand struct {
	Organisation string `long:"organisation" required:"yes" description:"public name (slug) of the organisation"`
	Name         string `long:"name" required:"yes" description:"name of the person"`
	Mail         string `long:"mail" required:"yes" description:"address the person signs in with"`
	Role         string `long:"role" default:"treasurer" choice:"representative" choice:"treasurer" choice:"auditor" choice:"member" choice:"coordinator" description:"what the person may do"`
	Until        string `long:"until" description:"last day of the role; needed for a coordinator"`
}

func (c *userCommand) run(ctx context.Context, p *program, args []string) error {
	if len(args) != 1 || args[0] != "add" {
		return errors.New("usage: tsukaimichi user add --organisation SLUG --name NAME --mail ADDRESS --role ROLE")
	}
	address, err := mail.ParseAddress(c.Mail)
	if err != nil {
		return fmt.Errorf("--mail: %w", err)
	}
	m := ledger.Membership{Role: ledger.Role(c.Role)}
	if c.Until != "" {
		if m.UntilOn, err = ledger.ParseDate(c.Until); err != nil {
			return fmt.Errorf("--until: %w", err)
		}
	}
	if m.Role == ledger.Coordinator && m.UntilOn.IsZero() {
		return fmt.Errorf("%w: a coordinator's rights end on a day: --until", errSettings)
	}
	return p.withDatabase(ctx, func(db *sqlx.DB) error { return c.add(ctx, p, db, m, address) })
}

func (c *userCommand) add(ctx context.Context, p *program, db *sqlx.DB, m ledger.Membership, address string) error {
	now := practiceclock.System{}.Now()
	err := ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		var err error
		if m.OrganisationID, _, err = ledger.FindSlug(ctx, tx, ledger.SlugOrganisation, c.Organisation); err != nil {
			return err
		}
		if m.PersonID, err = ledger.AddPerson(ctx, tx, ledger.Person{Name: c.Name, Mail: address, CreatedAt: now}); err != nil {
			return err
		}
		m.FromOn = ledger.DateOf(now)
		if err = ledger.AddMember(ctx, tx, m); err != nil {
			return err
		}
		return access.Log(ctx, tx, access.Opening{OrganisationID: m.OrganisationID, What: access.Change, Route: "tsukaimichi user add", SubjectID: m.PersonID}, now)
	})
	var bad ledger.Invalid
	if errors.As(err, &bad) {
		return fmt.Errorf("%w: --until is a day from today on, for a coordinator within a year", errSettings)
	}
	if err != nil {
		return err
	}
	token, err := auth.OneTimeLink(ctx, db, m.PersonID, 24*time.Hour, now)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "this link signs in once, within 24 hours:\n%s/sign-in/link?t=%s\n", p.Site, url.QueryEscape(token))
	return nil
}

// withDatabase opens the database as the program's own role for a short piece of work.
func (p *program) withDatabase(ctx context.Context, work func(db *sqlx.DB) error) error {
	if p.Database.URL == "" || p.Site == "" {
		return fmt.Errorf("%w: --database-url and --site are needed", errSettings)
	}
	if err := p.checkSite(); err != nil {
		return err
	}
	db, err := openDatabase(ctx, p.Database.URL, 2)
	if err != nil {
		return err
	}
	return errors.Join(work(db), db.Close())
}

// withBook opens the database that the settings name, or else that of the practice folder, whether practice is running or not.
func (p *program) withBook(ctx context.Context, work func(db *sqlx.DB) error) error {
	if p.Database.URL != "" {
		return p.withDatabase(ctx, work)
	}
	in, err := openPracticeFolder(ctx, p)
	if err != nil {
		return err
	}
	defer in.close(p)
	return work(in.db)
}
