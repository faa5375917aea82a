package main

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// verifyCommand checks the book against itself.
type verifyCommand struct{}

func (c *verifyCommand) run(ctx context.Context, p *program, _ []string) error {
	return p.withDatabase(ctx, func(db *sqlx.DB) error {
		all, err := ledger.Organisations(ctx, db)
		if err != nil {
			return err
		}
		wrong := 0
		for _, o := range all {
			faults, checked, err := ledger.Verify(ctx, db, o.ID)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.out, "%s: %d transactions checked, %d faults\n", o.Slug, checked, len(faults))
			for _, f := range faults {
				fmt.Fprintf(p.out, "  %s\n", f)
			}
			wrong += len(faults)
		}
		if wrong > 0 {
			return fmt.Errorf("%d faults found", wrong)
		}
		return nil
	})
}
