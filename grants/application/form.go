package application

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var (
	// ErrNoForm says that there is no such published form.
	ErrNoForm = errors.New("application: no such form")
	// ErrPublished says that the version is published already, with another content: a published form never changes.
	ErrPublished = errors.New("application: this version of the form is published and stays as it is")
	// ErrFaults says that a form has faults that Lint names.
	ErrFaults = errors.New("application: the form has faults")
)

// Form is a published form in a list.
type Form struct {
	Key        string `db:"key"`
	Version    string `db:"version"`
	Title      string `db:"title"`
	Kind       string `db:"kind"`
	FiscalYear int    `db:"fiscal_year"`
	By         string `db:"person_name"`
	Retired    bool   `db:"retired"`
	RetiredBy  string `db:"retired_by"`
}

// Publish publishes a version of a form. The same content again changes nothing; another content under the same version is ErrPublished. A form with faults is
// ErrFaults.
func Publish(ctx context.Context, tx *sqlx.Tx, v template.Version, by string, at time.Time) error {
	if len(v.Lint()) > 0 {
		return fmt.Errorf("form %s %s: %w", v.Key, v.Version, ErrFaults)
	}
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(body)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO form (key, version, title, kind, fiscal_year, body, hash, published_at, person_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		    ON CONFLICT ON CONSTRAINT form_pkey DO NOTHING`, v.Key, v.Version, v.Title, v.Kind, v.FiscalYear, string(body), hash[:], at, by)
	if err != nil {
		return fmt.Errorf("form %s %s: %w", v.Key, v.Version, ledger.Classify(err))
	}
	var same bool
	err = tx.GetContext(ctx, &same, `
		SELECT hash = $3
		  FROM form
		 WHERE key = $1 AND version = $2`, v.Key, v.Version, hash[:])
	if err != nil {
		return fmt.Errorf("form %s %s: %w", v.Key, v.Version, err)
	}
	if !same {
		return fmt.Errorf("form %s %s: %w", v.Key, v.Version, ErrPublished)
	}
	return nil
}

// FindForm returns a published form, retired or not; ErrNoForm when there is none.
func FindForm(ctx context.Context, q sqlx.QueryerContext, key, version string) (template.Version, error) {
	var bodies [][]byte
	err := sqlx.SelectContext(ctx, q, &bodies, `
		SELECT body
		  FROM form
		 WHERE key = $1 AND version = $2`, key, version)
	if err != nil {
		return template.Version{}, fmt.Errorf("form %s %s: %w", key, version, err)
	}
	if len(bodies) == 0 {
		return template.Version{}, fmt.Errorf("form %s %s: %w", key, version, ErrNoForm)
	}
	var v template.Version
	if err = json.Unmarshal(bodies[0], &v); err != nil {
		return template.Version{}, fmt.Errorf("form %s %s: %w", key, version, err)
	}
	return v, nil
}

// Forms returns the newest published version of each form that was not retired, by title.
func Forms(ctx context.Context, q sqlx.QueryerContext) ([]Form, error) {
	var all []Form
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT f.key, f.version, f.title, f.kind, f.fiscal_year, f.person_name, false AS retired, '' AS retired_by
		  FROM (SELECT DISTINCT ON (key) key, version, title, kind, fiscal_year, person_name
		          FROM form
		         WHERE retired_at IS NULL
		         ORDER BY key, published_at DESC, version DESC) AS f
		 ORDER BY f.title`)
	if err != nil {
		return nil, fmt.Errorf("forms: %w", err)
	}
	return all, nil
}

// Versioned returns every published version of every form, by key, the newest first.
func Versioned(ctx context.Context, q sqlx.QueryerContext) ([]Form, error) {
	var all []Form
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT key, version, title, kind, fiscal_year, person_name, retired_at IS NOT NULL AS retired, retired_by
		  FROM form
		 ORDER BY key, published_at DESC, version DESC`)
	if err != nil {
		return nil, fmt.Errorf("forms: %w", err)
	}
	return all, nil
}

// Retire takes a published version out of use: nobody begins with it any more, and drafts that did stay with it. ErrNoForm when there is none in use.
func Retire(ctx context.Context, tx *sqlx.Tx, key, version, by string, at time.Time) error {
	return oneForm(tx.ExecContext(ctx, `
		UPDATE form
		   SET retired_at = $3, retired_by = $4
		 WHERE key = $1 AND version = $2 AND retired_at IS NULL`, key, version, at, by))
}

// Restore brings a version back into use. ErrNoForm when none was taken out.
func Restore(ctx context.Context, tx *sqlx.Tx, key, version string) error {
	return oneForm(tx.ExecContext(ctx, `
		UPDATE form
		   SET retired_at = NULL, retired_by = ''
		 WHERE key = $1 AND version = $2 AND retired_at IS NOT NULL`, key, version))
}

func oneForm(done sql.Result, err error) error {
	if err != nil {
		return fmt.Errorf("form: %w", ledger.Classify(err))
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrNoForm, err)
	}
	return nil
}
