package main

import (
	"context"
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/migrations"
)

// migrateCommand brings the database up to this release, as the role that owns the tables.
type migrateCommand struct {
	AppRole string `long:"app-role" default:"tsukaimichi_web" description:"login role the program runs as; it is given what the program may do"`
}

func (c *migrateCommand) run(ctx context.Context, p *program, _ []string) error {
	if p.Database.OwnerURL == "" {
		return fmt.Errorf("%w: migrate needs --database-owner-url", errSettings)
	}
	owner, err := openDatabase(ctx, p.Database.OwnerURL, 4)
	if err != nil {
		return err
	}
	defer owner.Close()
	if err = migrations.Apply(ctx, owner, c.AppRole); err != nil {
		return err
	}
	if err = jobs.Migrate(ctx, owner); err != nil {
		return err
	}
	fmt.Fprintln(p.out, "the database is up to date")
	return nil
}
