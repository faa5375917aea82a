package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/feeds"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	practiceclock "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// factorsCommand has one subcommand, forget: for somebody who has lost passkey, app and sheet of paper. Whoever runs it has made sure who asks.
type factorsCommand struct {
	Mail string `long:"mail" required:"yes" description:"address the person signs in with"`
}

func (c *factorsCommand) run(ctx context.Context, p *program, args []string) error {
	if len(args) != 1 || args[0] != "forget" {
		return errors.New("usage: tsukaimichi factors forget --mail ADDRESS")
	}
	address, err := mail.ParseAddress(c.Mail)
	if err != nil {
		return fmt.Errorf("--mail: %w", err)
	}
	return p.withDatabase(ctx, func(db *sqlx.DB) error {
		err := ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
			person, err := auth.FindByMail(ctx, tx, address)
			if err != nil {
				return err
			}
			// Whoever found the device may have subscribed to the person's calendar with it.
			return errors.Join(auth.Forget(ctx, tx, person, practiceclock.System{}.Now()), feeds.ClosePerson(ctx, tx, person.ID))
		})
		if errors.Is(err, ledger.ErrNotFound) {
			return errors.New("nobody signs in with this address")
		}
		if err == nil {
			fmt.Fprintln(p.out, "forgotten: the person signs in by mail, everywhere anew, and sets up a second factor again")
		}
		return err
	})
}
