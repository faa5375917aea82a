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

// operatorCommand adds or ends an operator, as the role that owns the tables: the running program makes nobody an operator.
type operatorCommand struct {
	OwnerURL string `long:"owner-url" env:"TSUKAIMICHI_OWNER_URL" required:"yes" description:"PostgreSQL as the role that owns the tables"`
	Name     string `long:"name" description:"name of the person, as organisations will read it; needed by add"`
	Mail     string `long:"mail" required:"yes" description:"address the person signs in with"`
}

func (c *operatorCommand) run(ctx context.Context, p *program, args []string) error {
	if len(args) != 1 || (args[0] != "add" && args[0] != "end") || (args[0] == "add" && c.Name == "") {
		return errors.New("usage: tsukaimichi operator add --owner-url URL --name NAME --mail ADDRESS, or operator end --owner-url URL --mail ADDRESS")
	}
	address, err := mail.ParseAddress(c.Mail)
	if err != nil {
		return fmt.Errorf("--mail: %w", err)
	}
	owner, err := openDatabase(ctx, c.OwnerURL, 2)
	if err != nil {
		return err
	}
	defer owner.Close()
	if args[0] == "end" {
		if err = access.Unseat(ctx, owner, address); err == nil {
			fmt.Fprintln(p.out, "ended: this person reads no organisation any more")
		}
		return err
	}
	if p.Site == "" {
		return fmt.Errorf("%w: --site is needed for the link to sign in", errSettings)
	}
	if err = p.checkSite(); err != nil {
		return err
	}
	now := practiceclock.System{}.Now()
	person, err := seatOperator(ctx, owner, c.Name, address, now)
	if err != nil {
		return err
	}
	token, err := auth.OneTimeLink(ctx, owner, person, 24*time.Hour, now)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "this link signs in once, within 24 hours:\n%s/sign-in/link?t=%s\n", p.Site, url.QueryEscape(token))
	return nil
}

// seatOperator enters a person, if he is not known, and makes him an operator.
func seatOperator(ctx context.Context, owner *sqlx.DB, name, address string, at time.Time) (person int64, err error) {
	err = ledger.InTx(ctx, owner, func(tx *sqlx.Tx) (err error) {
		if person, err = ledger.AddPerson(ctx, tx, ledger.Person{Name: name, Mail: address, CreatedAt: at}); err != nil {
			return err
		}
		return access.Seat(ctx, tx, person, ledger.DateOf(at))
	})
	return person, err
}
