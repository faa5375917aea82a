package profile

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Kinds are the papers that forms ask for, in their usual order.
var Kinds = []string{"定款", "規約", "役員名簿", "会員名簿", "決算書", "予算書", "事業報告書", "事業計画書", "総会議案書", "見積書", "通帳の写し", "推薦書", "会報", "その他"}

// Paper is one paper of the library. The bytes lie in the file store under Hash.
type Paper struct {
	ID         int64       `db:"id"`
	Kind       string      `db:"kind"`
	Name       string      `db:"name"` // of the file
	FiscalYear int         `db:"fiscal_year"`
	IssuedOn   ledger.Date `db:"issued_on"`
	ExpiresOn  ledger.Date `db:"expires_on"` // zero: never
	Hash       []byte      `db:"hash"`
	Bytes      int64       `db:"bytes"`
	Mime       string      `db:"mime"`
}

// Expired reports whether the paper is out of date on the day.
func (p Paper) Expired(on ledger.Date) bool { return !p.ExpiresOn.IsZero() && p.ExpiresOn.Before(on) }

// AddPaper adds a paper whose bytes are in the store already. What stands for once a year (決算書 2025年度) replaces the one of the same kind and year; what has
// no year (規約) the one before it. It needs a known kind and a name; ledger.Invalid otherwise.
func AddPaper(ctx context.Context, tx *sqlx.Tx, organisationID int64, p Paper, by ledger.Actor, at time.Time) (int64, error) {
	bad := ledger.Invalid{}
	if !known(p.Kind) {
		bad["kind"] = "profile.kind"
	}
	if strings.TrimSpace(p.Name) == "" || len([]rune(p.Name)) > 200 {
		bad["file"] = "profile.file"
	}
	if !p.ExpiresOn.IsZero() && !p.IssuedOn.IsZero() && p.ExpiresOn.Before(p.IssuedOn) {
		bad["expires_on"] = "profile.expires_before_issued"
	}
	if p.FiscalYear != 0 && (p.FiscalYear < 1990 || p.FiscalYear > 2999) {
		bad["fiscal_year"] = "profile.fiscal_year"
	}
	if len(bad) > 0 {
		return 0, bad
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return 0, err
	}
	if p.Kind != "見積書" && p.Kind != "その他" && p.Kind != "推薦書" { // of these there are many side by side
		_, err = tx.ExecContext(ctx, `
			UPDATE profile_paper
			   SET replaced_at = $4
			 WHERE organisation_id = $1 AND kind = $2 AND fiscal_year IS NOT DISTINCT FROM nullif($3::integer, 0) AND replaced_at IS NULL`,
			organisationID, p.Kind, p.FiscalYear, at)
		if err != nil {
			return 0, fmt.Errorf("paper: %w", err)
		}
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO profile_paper (organisation_id, kind, name, fiscal_year, issued_on, expires_on, hash, bytes, mime, added_at, added_by)
		VALUES ($1, $2, $3, nullif($4::integer, 0), $5, $6, $7, $8, $9, $10, $11)
		RETURNING id`, organisationID, p.Kind, p.Name, p.FiscalYear, p.IssuedOn, p.ExpiresOn, p.Hash, p.Bytes, p.Mime, at, actor)
	if err != nil {
		return 0, fmt.Errorf("paper: %w", ledger.Classify(err))
	}
	return id, nil
}

// Papers returns the papers that were not replaced, by kind, the newest year first.
func Papers(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Paper, error) {
	var all []Paper
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT id, kind, name, coalesce(fiscal_year, 0) AS fiscal_year, issued_on, expires_on, hash, bytes, mime
		  FROM profile_paper
		 WHERE organisation_id = $1 AND replaced_at IS NULL
		 ORDER BY kind, fiscal_year DESC NULLS LAST, id DESC
		 LIMIT 500`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	return all, nil
}

// FindPaper returns one paper, replaced or not; sql.ErrNoRows when the organisation has none of that id.
func FindPaper(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Paper, error) {
	var p Paper
	err := sqlx.GetContext(ctx, q, &p, `
		SELECT id, kind, name, coalesce(fiscal_year, 0) AS fiscal_year, issued_on, expires_on, hash, bytes, mime
		  FROM profile_paper
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id)
	if err != nil {
		return p, fmt.Errorf("paper %d: %w", id, err)
	}
	return p, nil
}

func known(kind string) bool {
	for _, k := range Kinds {
		if k == kind {
			return true
		}
	}
	return false
}
