package sample

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Sample says who can sign in as what.
type Sample struct {
	People []SignIn // of practice organisations alone
}

// SignIn is a role of a practice person in a practice organisation.
type SignIn struct {
	Organisation string      `db:"organisation"`
	Slug         string      `db:"slug"`
	Name         string      `db:"name"`
	Mail         string      `db:"mail"`
	Role         ledger.Role `db:"role"`
}

// Load enters the practice organisations with their days counted from at, all or none, unless there is any organisation, and returns
// who can sign in. The papers behind their expenses go to store; without one they have none.
func Load(ctx context.Context, db *sqlx.DB, store *files.Store, at time.Time) (Sample, error) {
	err := ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		var any bool
		if err := tx.GetContext(ctx, &any, `SELECT EXISTS (SELECT FROM organisation)`); err != nil || any {
			return err
		}
		for _, enter := range []func(*writer){town, council, cats, players, place} {
			w := &writer{ctx: ctx, tx: tx, store: store, base: at, at: at}
			if enter(w); w.err != nil {
				return fmt.Errorf("sample organisation %s: %w", w.slug, w.err)
			}
		}
		return nil
	})
	if err != nil {
		return Sample{}, err
	}
	return people(ctx, db, ledger.DateOf(at))
}

func people(ctx context.Context, db *sqlx.DB, on ledger.Date) (Sample, error) {
	var s Sample
	err := db.SelectContext(ctx, &s.People, `
		SELECT o.name AS organisation, s.name AS slug, p.name, p.mail, m.role
		  FROM membership m
		  JOIN organisation o ON o.id = m.organisation_id
		  JOIN slug s ON s.organisation_id = o.id AND s.kind = 'organisation' AND s.subject_id = o.id
		  JOIN person p ON p.id = m.person_id
		 WHERE o.practice AND m.from_on <= $1 AND (m.until_on IS NULL OR m.until_on >= $1)
		 ORDER BY o.id, array_position(ARRAY['representative', 'treasurer', 'auditor', 'member', 'coordinator'], m.role), p.name`, on)
	if err != nil {
		return Sample{}, fmt.Errorf("sample people: %w", err)
	}
	return s, nil
}
