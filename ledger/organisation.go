package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// ErrNotFound says that what was asked for does not exist, or belongs to another organisation.
var ErrNotFound = errors.New("ledger: not found")

// Organisation is 団体: who asks, keeps the book and answers for it.
type Organisation struct {
	ID               int64     `db:"id"`
	Name             string    `db:"name"`
	Kana             string    `db:"kana"`
	Kind             string    `db:"kind"` // npo, shakyo, chonaikai, volunteer, other
	Purpose          string    `db:"purpose"`
	Representative   string    `db:"representative"`
	PostalCode       string    `db:"postal_code"`
	Address          string    `db:"address"`
	AddressDisclosed bool      `db:"address_disclosed"` // false prints 「請求により遅滞なく開示」
	Phone            string    `db:"phone"`
	PhoneHours       string    `db:"phone_hours"`
	Mail             string    `db:"mail"`
	BankAccount      string    `db:"bank_account"`
	HandIn           string    `db:"hand_in"`
	CertifiedNumber  string    `db:"certified_number"` // 認定NPO法人
	CertifiedFrom    Date      `db:"certified_from"`
	CertifiedUntil   Date      `db:"certified_until"`
	FiscalMonth      int       `db:"fiscal_month"`
	Practice         bool      `db:"practice"` // 練習
	CreatedAt        time.Time `db:"created_at"`
	Slug             string    `db:"slug"`
}

// Certified reports whether tax wording may be printed for a gift received on the day.
func (o Organisation) Certified(on Date) bool {
	return o.CertifiedNumber != "" && !on.Before(o.CertifiedFrom) && !on.After(o.CertifiedUntil)
}

// FiscalYear returns the first day of the fiscal year the day lies in.
func (o Organisation) FiscalYear(on Date) Date {
	year := on.Year()
	if int(on.Month()) < o.FiscalMonth {
		year--
	}
	return NewDate(year, time.Month(o.FiscalMonth), 1)
}

// FoundOrganisation enters an organisation with its chart of accounts, its general fund and the head of its log, and
// claims its slug. ErrSlugTaken if another has that.
func FoundOrganisation(ctx context.Context, tx *sqlx.Tx, o Organisation) (int64, error) {
	if o.FiscalMonth == 0 {
		o.FiscalMonth = 4
	}
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO organisation (name, kana, kind, purpose, representative, postal_code, address, address_disclosed,
		       phone, phone_hours, mail, bank_account, hand_in, certified_number, certified_from, certified_until,
		       fiscal_month, practice, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		RETURNING id`,
		o.Name, o.Kana, o.Kind, o.Purpose, o.Representative, o.PostalCode, o.Address, o.AddressDisclosed,
		o.Phone, o.PhoneHours, o.Mail, o.BankAccount, o.HandIn, o.CertifiedNumber, o.CertifiedFrom, o.CertifiedUntil,
		o.FiscalMonth, o.Practice, o.CreatedAt)
	if err != nil {
		return 0, fmt.Errorf("organisation: %w", Classify(err))
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO log_heads (organisation_id) VALUES ($1)`, id); err != nil {
		return 0, fmt.Errorf("organisation %d: %w", id, Classify(err))
	}
	if err = openChart(ctx, tx, id); err != nil {
		return 0, fmt.Errorf("organisation %d: %w", id, err)
	}
	if _, err = OpenFund(ctx, tx, Fund{OrganisationID: id, Name: "一般", Kind: GeneralFund}); err != nil {
		return 0, err
	}
	return id, ClaimSlug(ctx, tx, SlugOrganisation, o.Slug, id, id)
}

// UpdateOrganisation changes how an organisation is described. Its practice mark and its slug stay.
func UpdateOrganisation(ctx context.Context, tx *sqlx.Tx, o Organisation) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE organisation
		   SET name = $2, kana = $3, kind = $4, purpose = $5, representative = $6, postal_code = $7, address = $8,
		       address_disclosed = $9, phone = $10, phone_hours = $11, mail = $12, bank_account = $13, hand_in = $14,
		       certified_number = $15, certified_from = $16, certified_until = $17, fiscal_month = $18
		 WHERE id = $1`,
		o.ID, o.Name, o.Kana, o.Kind, o.Purpose, o.Representative, o.PostalCode, o.Address,
		o.AddressDisclosed, o.Phone, o.PhoneHours, o.Mail, o.BankAccount, o.HandIn,
		o.CertifiedNumber, o.CertifiedFrom, o.CertifiedUntil, o.FiscalMonth)
	if err != nil {
		return fmt.Errorf("organisation %d: %w", o.ID, Classify(err))
	}
	return nil
}

const selectOrganisation = `
	SELECT o.id, o.name, o.kana, o.kind, o.purpose, o.representative, o.postal_code, o.address, o.address_disclosed,
	       o.phone, o.phone_hours, o.mail, o.bank_account, o.hand_in, o.certified_number, o.certified_from, o.certified_until,
	       o.fiscal_month, o.practice, o.created_at, s.name AS slug
	  FROM organisation o
	  JOIN slug s ON s.organisation_id = o.id AND s.kind = 'organisation' AND s.subject_id = o.id`

// FindOrganisation returns the organisation, or ErrNotFound.
func FindOrganisation(ctx context.Context, q sqlx.QueryerContext, id int64) (Organisation, error) {
	var o Organisation
	err := sqlx.GetContext(ctx, q, &o, selectOrganisation+` WHERE o.id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return o, ErrNotFound
	}
	if err != nil {
		return o, fmt.Errorf("organisation %d: %w", id, err)
	}
	return o, nil
}

// Organisations returns all organisations by name.
func Organisations(ctx context.Context, q sqlx.QueryerContext) ([]Organisation, error) {
	var all []Organisation
	if err := sqlx.SelectContext(ctx, q, &all, selectOrganisation+` ORDER BY o.name`); err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	return all, nil
}
