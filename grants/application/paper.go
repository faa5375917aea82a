package application

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/office"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// PaperForm is a funder's own form beside an application. Mapping says where each field goes: a cell of an Excel form, a placeholder of a Word form.
type PaperForm struct {
	Kind    office.Kind
	Name    string
	Hash    []byte // of the file, in the file store
	Mapping map[string]string
}

// KeepPaperForm puts a funder's form beside an application, in place of one that was there. A mapping of the one before stays: forms of one funder are alike.
func KeepPaperForm(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, f PaperForm, by ledger.Actor, at time.Time) error {
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO application_form (organisation_id, application_id, kind, name, hash, at, uploaded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		    ON CONFLICT ON CONSTRAINT application_form_pkey DO UPDATE
		   SET kind = excluded.kind, name = excluded.name, hash = excluded.hash, at = excluded.at, uploaded_by = excluded.uploaded_by`,
		organisationID, id, f.Kind, f.Name, f.Hash, at, actor)
	if err != nil {
		return fmt.Errorf("form of application %d: %w", id, ledger.Classify(err))
	}
	return nil
}

// MapPaperForm says where each field goes. ErrNoDraft when the application has no such form.
func MapPaperForm(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, mapping map[string]string) error {
	text, err := json.Marshal(mapping)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		UPDATE application_form
		   SET mapping = $3
		 WHERE organisation_id = $1 AND application_id = $2`, organisationID, id, string(text))
	if err != nil {
		return fmt.Errorf("form of application %d: %w", id, ledger.Classify(err))
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("form of application %d: %w", id, ErrNoDraft)
	}
	return nil
}

// FindPaperForm returns the funder's form beside an application; false when there is none.
func FindPaperForm(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (PaperForm, bool, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT kind, name, hash, mapping
		  FROM application_form
		 WHERE organisation_id = $1 AND application_id = $2`, organisationID, id)
	if err != nil {
		return PaperForm{}, false, fmt.Errorf("form of application %d: %w", id, err)
	}
	defer func() { _ = rows.Close() }()
	var f PaperForm
	found := false
	for rows.Next() {
		var mapping []byte
		if err = rows.Scan(&f.Kind, &f.Name, &f.Hash, &mapping); err == nil {
			err = json.Unmarshal(mapping, &f.Mapping)
		}
		if err != nil {
			return PaperForm{}, false, fmt.Errorf("form of application %d: %w", id, err)
		}
		found = true
	}
	return f, found, rows.Err()
}
