package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	practiceclock "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// stripeCommand connects an organisation's own Stripe account.
type stripeCommand struct{}

func (c *stripeCommand) run(ctx context.Context, p *program, args []string) error {
	if len(args) != 2 || args[0] != "set" {
		return errors.New("usage: tsukaimichi stripe set ORGANISATION < key")
	}
	if p.SealKey == "" {
		return fmt.Errorf("%w: --seal-key is needed", errSettings)
	}
	box, err := openBox(p.SealKey)
	if err != nil {
		return err
	}
	line, err := bufio.NewReader(p.in).ReadString('\n')
	key := strings.TrimSpace(line)
	if key == "" {
		return errors.Join(errors.New("no key on standard input: paste the secret key (sk_…) and press Enter"), err)
	}
	return p.withDatabase(ctx, func(db *sqlx.DB) error {
		organisationID, _, err := ledger.FindSlug(ctx, db, ledger.SlugOrganisation, args[1])
		if err != nil {
			return fmt.Errorf("organisation %s: %w", args[1], err)
		}
		till := &payments.Till{DB: db, Box: box, Now: practiceclock.System{}.Now, Site: p.Site, Log: p.log}
		err = till.Connect(ctx, organisationID, key)
		if errors.Is(err, stripepay.ErrKey) {
			return errors.New("the key is not one Stripe takes; nothing was changed")
		}
		if err != nil {
			return err
		}
		changed := access.Opening{OrganisationID: organisationID, What: access.Change, Route: "tsukaimichi stripe set"}
		if err = access.Log(ctx, db, changed, till.Now()); err != nil {
			return err
		}
		mode := "test mode: no real money moves"
		if stripepay.LiveKey(key) {
			mode = "live mode: real money moves"
		}
		fmt.Fprintf(p.out, "connected, %s\nwebhooks come to %s\n", mode, till.HookURL(organisationID))
		return nil
	})
}
