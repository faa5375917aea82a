package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Fund is a self-balancing set of accounts: whose claim on the money it is. 使途区分「使いみちの決まったお金」.
type Fund struct {
	OrganisationID int64    `db:"organisation_id"`
	ID             int64    `db:"id"`
	Name           string   `db:"name"`
	Kind           FundKind `db:"kind"`
	InitiativeID   *int64   `db:"initiative_id"`
	CollectsFrom   Date     `db:"collects_from"`
	CollectsUntil  Date     `db:"collects_until"`
	ClosedOn       Date     `db:"closed_on"`
}

// FundKind says what restricts a fund.
type FundKind string

// A fund is unrestricted, or restricted to a campaign, an award, a sponsorship or a 別途会計.
const (
	GeneralFund     FundKind = "general"
	CampaignFund    FundKind = "campaign"
	AwardFund       FundKind = "award"
	SponsorshipFund FundKind = "sponsorship"
	SeparateFund    FundKind = "separate"
)

const selectFund = `
	SELECT organisation_id, id, name, kind, initiative_id, collects_from, collects_until, closed_on
	  FROM fund`

// OpenFund opens a fund and returns its id.
func OpenFund(ctx context.Context, tx *sqlx.Tx, f Fund) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO fund (organisation_id, name, kind, initiative_id, collects_from, collects_until)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, f.OrganisationID, f.Name, f.Kind, f.InitiativeID, f.CollectsFrom, f.CollectsUntil)
	if err != nil {
		return 0, fmt.Errorf("fund: %w", Classify(err))
	}
	return id, nil
}

// SetCollecting writes the days in which a campaign's fund takes gifts; a zero until has no end. Announcing, closing and
// stopping call it. The database refuses it at commit (ErrNoPromise) unless stated uses are published.
func SetCollecting(ctx context.Context, tx *sqlx.Tx, organisationID, fundID int64, from, until Date) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE fund
		   SET collects_from = $3, collects_until = $4
		 WHERE organisation_id = $1 AND id = $2 AND kind = 'campaign'`, organisationID, fundID, from, until)
	if err != nil {
		return fmt.Errorf("fund %d: %w", fundID, Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

// Funds returns the funds of an organisation that are not closed, the general one first.
func Funds(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Fund, error) {
	var funds []Fund
	err := sqlx.SelectContext(ctx, q, &funds, selectFund+`
		 WHERE organisation_id = $1 AND closed_on IS NULL
		 ORDER BY kind <> 'general', name`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("funds: %w", err)
	}
	return funds, nil
}

// AllFunds returns every fund an organisation ever had, the general one first.
func AllFunds(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Fund, error) {
	var funds []Fund
	err := sqlx.SelectContext(ctx, q, &funds, selectFund+`
		 WHERE organisation_id = $1
		 ORDER BY kind <> 'general', name, id`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("funds: %w", err)
	}
	return funds, nil
}

// FindFund returns a fund, or ErrNotFound.
func FindFund(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Fund, error) {
	return getFund(ctx, q, selectFund+` WHERE organisation_id = $1 AND id = $2`, organisationID, id)
}

// FindGeneralFund returns the organisation's one unrestricted fund.
func FindGeneralFund(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (Fund, error) {
	return getFund(ctx, q, selectFund+` WHERE organisation_id = $1 AND kind = 'general'`, organisationID)
}

func getFund(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (Fund, error) {
	var f Fund
	err := sqlx.GetContext(ctx, q, &f, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return f, ErrNotFound
	}
	if err != nil {
		return f, fmt.Errorf("fund: %w", err)
	}
	return f, nil
}
