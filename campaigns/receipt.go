package campaigns

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// Receipt is 寄附金受領証: a number, and everything the paper says, frozen when it was issued.
type Receipt struct {
	OrganisationID int64
	ID             int64
	DonationID     int64
	Year           int // calendar year of issue
	Number         int // gapless in the organisation and year
	Branch         int // 1, and one more for each re-issue
	IssuedOn       ledger.Date
	Payload        ReceiptPayload
	VoidedWhy      string // empty while in force
	FileHash       []byte // nil until the paper is made, and once it was erased
	Erased         bool   // who gave was erased, and the paper with it
	Missing        string // characters our faces lack: staff looks before it is sent
	Sent           bool
}

// ReceiptPayload is what the paper says. It holds personal data and is never public.
type ReceiptPayload struct {
	Number          string      `json:"number"`
	Organisation    string      `json:"organisation"`
	Representative  string      `json:"representative"`
	PostalCode      string      `json:"postal_code"`
	Address         string      `json:"address"`
	Phone           string      `json:"phone"`
	DonorName       string      `json:"donor_name"` // these three are kept apart from the rest, where they can be erased
	DonorPostalCode string      `json:"donor_postal_code"`
	DonorAddress    string      `json:"donor_address"`
	Amount          ledger.Yen  `json:"amount"`
	ReceivedOn      ledger.Date `json:"received_on"`
	Channel         Channel     `json:"channel"`
	Campaign        string      `json:"campaign"`
	CertifiedNumber string      `json:"certified_number"` // empty: no word about taxes
	CertifiedFrom   ledger.Date `json:"certified_from"`
	Reissued        bool        `json:"reissued"`
	Practice        bool        `json:"practice"`
	IssuedOn        ledger.Date `json:"issued_on"`
	Log             chain.Mark  `json:"log,omitzero"`   // the log as last signed before; receipts of before that have none
	Check           string      `json:"check,omitzero"` // what its holder types to see its record: twelve digits, with Log alone
}

// ErrReceiptInForce says that the gift has a receipt already: void it first.
var ErrReceiptInForce = errors.New("campaigns: the gift has a receipt in force")

// ErrVoided says that the receipt is out of force already.
var ErrVoided = errors.New("campaigns: the receipt is void")

// ErrNotPaid says that there is nothing to confirm yet.
var ErrNotPaid = errors.New("campaigns: not paid")

// Issue issues the receipt of a paid gift: its number and payload are written in the caller's database transaction, so
// that numbers have no gap. A gift whose receipt was voided gets the same number with the next branch.
func Issue(ctx context.Context, tx *sqlx.Tx, organisationID, donationID int64, by ledger.Actor, at time.Time) (Receipt, error) {
	d, err := lockDonation(ctx, tx, organisationID, donationID)
	if err != nil {
		return Receipt{}, err
	}
	if !d.Stands() {
		return Receipt{}, fmt.Errorf("donation %d: %w", donationID, ErrNotPaid)
	}
	r := Receipt{OrganisationID: organisationID, DonationID: donationID, IssuedOn: ledger.DateOf(at)}
	if err = r.takeNumber(ctx, tx); err != nil {
		return r, err
	}
	if r.Payload, err = payload(ctx, tx, d, r); err != nil {
		return r, err
	}
	if err = r.freeze(ctx, tx, by, at); err != nil {
		return r, err
	}
	public := fmt.Sprintf(`{"number":%q,"amount":%d}`, r.Payload.Number, r.Payload.Amount)
	return r, ledger.Record(ctx, tx, organisationID, ledger.ReceiptRecord, r.ID, public, at)
}

// freeze writes the receipt and, apart from it, who gave.
func (r *Receipt) freeze(ctx context.Context, tx *sqlx.Tx, by ledger.Actor, at time.Time) error {
	public := r.Payload
	public.DonorName, public.DonorPostalCode, public.DonorAddress = "", "", ""
	frozen, err := json.Marshal(public)
	if err != nil {
		return fmt.Errorf("receipt of donation %d: %w", r.DonationID, err)
	}
	actor, err := ledger.ActorID(ctx, tx, r.OrganisationID, by)
	if err != nil {
		return err
	}
	err = tx.GetContext(ctx, &r.ID, `
		WITH paper AS (
			INSERT INTO receipt (organisation_id, year, number, branch, donation_id, issued_on, issued_at, issued_by, payload)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			RETURNING id)
		INSERT INTO receipt_person (organisation_id, receipt_id, name, postal_code, address)
		SELECT $1, id, $10, $11, $12 FROM paper
		RETURNING receipt_id`, r.OrganisationID, r.Year, r.Number, r.Branch, r.DonationID, r.IssuedOn, at, actor, string(frozen),
		r.Payload.DonorName, r.Payload.DonorPostalCode, r.Payload.DonorAddress)
	if err != nil {
		return fmt.Errorf("receipt of donation %d: %w", r.DonationID, ledger.Classify(err))
	}
	return nil
}

// takeNumber takes the next number of the year, or the next branch of the gift's voided receipt.
func (r *Receipt) takeNumber(ctx context.Context, tx *sqlx.Tx) error {
	var voided bool
	err := tx.QueryRowxContext(ctx, `
		SELECT r.year, r.number, r.branch + 1, v.receipt_id IS NOT NULL
		  FROM receipt r
		  LEFT JOIN receipt_void v ON v.organisation_id = r.organisation_id AND v.receipt_id = r.id
		 WHERE r.organisation_id = $1 AND r.donation_id = $2
		 ORDER BY r.branch DESC
		 LIMIT 1`, r.OrganisationID, r.DonationID).Scan(&r.Year, &r.Number, &r.Branch, &voided)
	if err == nil {
		if !voided {
			return fmt.Errorf("donation %d: %w", r.DonationID, ErrReceiptInForce)
		}
		return nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("receipt of donation %d: %w", r.DonationID, err)
	}
	r.Year, r.Branch = r.IssuedOn.Year(), 1
	err = tx.GetContext(ctx, &r.Number, `
		INSERT INTO receipt_counter (organisation_id, year, last)
		VALUES ($1, $2, 1)
		    ON CONFLICT ON CONSTRAINT receipt_counter_pkey DO UPDATE SET last = receipt_counter.last + 1
		RETURNING last`, r.OrganisationID, r.Year)
	if err != nil {
		return fmt.Errorf("receipt number: %w", ledger.Classify(err))
	}
	return nil
}

// Label is the number as printed: 2026-0012, or 2026-0012-2 for a re-issue.
func (r Receipt) Label() string {
	label := fmt.Sprintf("%d-%04d", r.Year, r.Number)
	if r.Branch > 1 {
		label += fmt.Sprintf("-%d", r.Branch)
	}
	return label
}

func payload(ctx context.Context, tx *sqlx.Tx, d Donation, r Receipt) (ReceiptPayload, error) {
	o, err := ledger.FindOrganisation(ctx, tx, d.OrganisationID)
	if err != nil {
		return ReceiptPayload{}, err
	}
	p := ReceiptPayload{
		Number: r.Label(), Organisation: o.Name, Representative: o.Representative, PostalCode: o.PostalCode, Address: o.Address, Phone: o.Phone,
		Amount: d.Amount - d.Refunded, ReceivedOn: d.PaidOn, Channel: d.Channel, Reissued: r.Branch > 1, Practice: o.Practice, IssuedOn: r.IssuedOn,
	}
	if p.Log, err = chain.FindMark(ctx, tx, d.OrganisationID, o.Slug); err != nil {
		return p, err
	}
	if !p.Log.IsZero() {
		if p.Check, err = newCheck(); err != nil {
			return p, err
		}
	}
	if o.Certified(d.PaidOn) {
		p.CertifiedNumber, p.CertifiedFrom = o.CertifiedNumber, o.CertifiedFrom
	}
	if d.DonorID > 0 {
		donor, err := FindDonor(ctx, tx, d.OrganisationID, d.DonorID)
		if err != nil {
			return p, err
		}
		p.DonorName, p.DonorPostalCode, p.DonorAddress = donor.Name, donor.PostalCode, donor.Address
	}
	if d.CampaignID > 0 {
		plan, err := FindPlan(ctx, tx, d.OrganisationID, d.CampaignID, d.PlanVersion)
		if err != nil {
			return p, err
		}
		p.Campaign = plan.Title
	}
	return p, nil
}

// Void takes a receipt out of force, with a reason. Its number stays used. ErrVoided when that was done before, ledger.ErrNoSuchRow
// when there is no such receipt.
func Void(ctx context.Context, tx *sqlx.Tx, organisationID, receiptID int64, by ledger.Actor, at time.Time, reason string) error {
	if reason == "" {
		return ledger.Invalid{"reason": "reverse.reason_missing"}
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO receipt_void (organisation_id, receipt_id, reason, voided_at, voided_by)
		VALUES ($1, $2, $3, $4, $5)`, organisationID, receiptID, reason, at, actor)
	if ledger.ConstraintName(err) == "receipt_void_pkey" {
		return fmt.Errorf("receipt %d: %w", receiptID, ErrVoided)
	}
	if err != nil {
		return fmt.Errorf("receipt %d: %w", receiptID, ledger.Classify(err))
	}
	return ledger.Record(ctx, tx, organisationID, ledger.ReceiptVoidRecord, receiptID, "", at)
}

func lockDonation(ctx context.Context, tx *sqlx.Tx, organisationID, id int64) (Donation, error) {
	return getDonation(ctx, tx, selectDonation+` WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE`, organisationID, id)
}
