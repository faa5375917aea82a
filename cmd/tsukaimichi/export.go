package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	practiceclock "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/export"
)

// exportCommand writes the book of an organisation to standard output.
type exportCommand struct {
	Organisation string `long:"organisation" required:"yes" description:"public name (slug) of the organisation"`
}

func (c *exportCommand) run(ctx context.Context, p *program, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: tsukaimichi export hledger|csv|json|ndjson --organisation SLUG > FILE")
	}
	return p.withBook(ctx, func(db *sqlx.DB) error {
		organisationID, _, err := ledger.FindSlug(ctx, db, ledger.SlugOrganisation, c.Organisation)
		if err != nil {
			return fmt.Errorf("organisation %s: %w", c.Organisation, err)
		}
		opening := access.Opening{OrganisationID: organisationID, What: access.Export, Route: "tsukaimichi export"}
		if err = access.Log(ctx, db, opening, practiceclock.System{}.Now()); err != nil {
			return err
		}
		tx, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		defer tx.Rollback() // it only read
		return export.Write(p.out, args[0], export.Book(ctx, tx, organisationID))
	})
}
