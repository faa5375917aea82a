package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Donor is 寄付者「参加した人」. All personal columns may be empty; names are kept as typed, never normalised.
type Donor struct {
	ID         int64  `db:"id"`   // in a Gift by staff: a donor known already; 0 finds or enters him
	Kind       string `db:"kind"` // person, household, company; empty is person
	Name       string `db:"name"`
	Kana       string `db:"kana"`
	Mail       string `db:"mail"`
	PostalCode string `db:"postal_code"`
	Address    string `db:"address"`
	Phone      string `db:"phone"`
}

// named reports whether there is anything to keep of the donor.
func (d Donor) named() bool { return d.Name != "" || d.Mail != "" }

// Known reports whether anything personal of the donor is kept in his own row.
func (d Donor) Known() bool {
	return d.Name != "" || d.Kana != "" || d.Mail != "" || d.PostalCode != "" || d.Address != "" || d.Phone != ""
}

// ensureDonor returns the donor a gift is from with his id: the one named by id, the one with the same kind, name and mail address
// (or, without mail, postal address) in the organisation, or a new one. The id is 0 for a nameless giver. The latest
// postal address stays.
func ensureDonor(ctx context.Context, tx *sqlx.Tx, organisationID int64, d Donor, at time.Time) (Donor, error) {
	if d.ID > 0 {
		return FindDonor(ctx, tx, organisationID, d.ID)
	}
	if !d.named() {
		return Donor{}, nil
	}
	if d.Kind == "" {
		d.Kind = "person"
	}
	d.Mail = strings.ToLower(d.Mail)
	err := tx.GetContext(ctx, &d.ID, `
		UPDATE donor
		   SET postal_code = CASE WHEN $5 <> '' THEN $5 ELSE postal_code END,
		       address = CASE WHEN $6 <> '' THEN $6 ELSE address END,
		       phone = CASE WHEN $7 <> '' THEN $7 ELSE phone END
		 WHERE organisation_id = $1 AND id = (
		       SELECT min(id)
		         FROM donor
		        WHERE organisation_id = $1 AND kind = $2 AND name = $3 AND mail = $4 AND erased_at IS NULL
		          AND ($4 <> '' OR ($6 <> '' AND address = $6)))
		RETURNING id`, organisationID, d.Kind, d.Name, d.Mail, d.PostalCode, d.Address, d.Phone)
	if err == nil {
		return d, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return d, fmt.Errorf("donor: %w", ledger.Classify(err))
	}
	err = tx.GetContext(ctx, &d.ID, `
		INSERT INTO donor (organisation_id, kind, name, kana, mail, postal_code, address, phone, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		RETURNING id`, organisationID, d.Kind, d.Name, d.Kana, d.Mail, d.PostalCode, d.Address, d.Phone, at)
	if err != nil {
		return d, fmt.Errorf("donor: %w", ledger.Classify(err))
	}
	return d, nil
}

// FindDonor returns a donor, or ErrNotFound.
func FindDonor(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Donor, error) {
	var d Donor
	err := sqlx.GetContext(ctx, q, &d, `
		SELECT id, kind, name, kana, mail, postal_code, address, phone
		  FROM donor
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id)
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrNotFound
	}
	if err != nil {
		return d, fmt.Errorf("donor %d: %w", id, err)
	}
	return d, nil
}
