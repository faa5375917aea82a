package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"

	"github.com/jmoiron/sqlx"
)

// Slug kinds: what a public address can name.
const (
	SlugOrganisation = "organisation" // /o/{slug}
	SlugCampaign     = "campaign"     // /c/{slug}
	SlugReport       = "report"       // /r/{number}
)

// ErrSlugTaken says that another organisation, campaign or report has that public name.
var ErrSlugTaken = errors.New("ledger: the public name is taken")

var slugShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{1,62}$`)

// SlugFits reports whether a text can be a public name: 2–63 letters, digits and hyphens.
func SlugFits(name string) bool { return slugShape.MatchString(name) }

// ClaimSlug takes a public name for good. ErrSlugTaken if it is another's; claiming one's own again is fine.
func ClaimSlug(ctx context.Context, tx *sqlx.Tx, kind, name string, organisationID, subjectID int64) error {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO slug (kind, name, organisation_id, subject_id)
		VALUES ($1, $2, $3, $4)
		    ON CONFLICT ON CONSTRAINT slug_pkey DO NOTHING`, kind, name, organisationID, subjectID)
	if err != nil {
		return fmt.Errorf("slug: %w", Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	owner, subject, err := FindSlug(ctx, tx, kind, name)
	if err != nil {
		return err
	}
	if owner != organisationID || subject != subjectID {
		return ErrSlugTaken
	}
	return nil
}

// FindSlug returns whose a public name is, or ErrNotFound.
func FindSlug(ctx context.Context, q sqlx.QueryerContext, kind, name string) (organisationID, subjectID int64, err error) {
	err = q.QueryRowxContext(ctx, `
		SELECT organisation_id, subject_id
		  FROM slug
		 WHERE kind = $1 AND name = $2`, kind, name).Scan(&organisationID, &subjectID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, ErrNotFound
	}
	if err != nil {
		return 0, 0, fmt.Errorf("slug: %w", err)
	}
	return organisationID, subjectID, nil
}
