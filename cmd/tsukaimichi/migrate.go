package main

import (
	"context"
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/migrations"
)

// migrateCommand brings the database up to this release, as the role that owns the tables.
type migrateCommand struct {
	OwnerURL string `long:"owner-url" env:"TSUKAIMICHI_OWNER_URL" required:"yes" description:"PostgreSQL as the role that owns the tables"`
	AppRole  string `long:"app-role" default:"tsukaimichi_web" description:"login role the program runs as; it is given what the program may do"`
}

func (c *migrateCommand) run(ctx context.Context, p *program, _ []string) error {
	owner, err := openDatabase(ctx, c.OwnerURL, 4)
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
