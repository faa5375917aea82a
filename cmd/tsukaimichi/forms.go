package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// publishForms publishes the types of forms that ship. What was published stays: a version that a program before this one published with other words is left alone.
func publishForms(ctx context.Context, db *sqlx.DB, at time.Time) error {
	forms, err := template.Builtin()
	if err != nil {
		return err
	}
	for _, form := range forms {
		err = ledger.InTx(ctx, db, func(tx *sqlx.Tx) error { return application.Publish(ctx, tx, form, "使い道", at) })
		if err != nil && !errors.Is(err, application.ErrPublished) {
			return fmt.Errorf("forms: %w", err)
		}
	}
	return nil
}
