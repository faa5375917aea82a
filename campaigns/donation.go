package campaigns

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Donation is 寄付: one gift, as agreed and as it went.
type Donation struct {
	OrganisationID int64          `db:"organisation_id"`
	ID             int64          `db:"id"`
	CampaignID     int64          `db:"campaign_id"` // 0: an unasked gift into the general fund
	PlanVersion    int            `db:"plan_version"`
	FundID         int64          `db:"fund_id"`
	UseID          int64          `db:"use_id"`   // the use the giver named, or 0
	DonorID        int64          `db:"donor_id"` // 0: nameless
	Channel        Channel        `db:"channel"`
	Amount         ledger.Yen     `db:"amount"`
	CountsAs       CountsAs       `db:"counts_as"`
	Counted        int            `db:"counted"`
	Display        Display        `db:"display"`
	DisplayName    string         `db:"display_name"`
	Message        string         `db:"message"`
	Wish           string         `db:"wish"` // of an unasked gift
	Status         DonationStatus `db:"status"`
	GivenOn        ledger.Date    `db:"given_on"`
	PaidOn         ledger.Date    `db:"paid_on"`
	ReceiptWanted  string         `db:"receipt_wanted"` // none, mail, paper
	Refunded       ledger.Yen     `db:"refunded"`
	ChargeRef      string         `db:"charge_ref"`  // the payment service's name of the charge that paid it
	ReversedAt     time.Time      `db:"reversed_at"` // zero unless its booking was reversed: entered by mistake, it counts no more
	ToldBy         string         `db:"told_by"`
	EnteredAt      time.Time      `db:"entered_at"`
	Language       Language       `db:"language"` // of the letters to its giver
}

// Stands reports whether the gift is in the book: paid, not reversed and not returned whole.
func (d Donation) Stands() bool {
	return d.Status == Paid && d.ReversedAt.IsZero() && d.Refunded < d.Amount
}

// DonationStatus is how far a gift has come. What is refunded or disputed is derived.
type DonationStatus string

// A gift is pending until its money is there; failed and expired ones may still turn paid.
const (
	Pending DonationStatus = "pending"
	Paid    DonationStatus = "paid"
	Failed  DonationStatus = "failed"
	Expired DonationStatus = "expired"
)

// ErrPaid says that the gift is paid already.
var ErrPaid = errors.New("campaigns: paid already")

// CountsAs says whom a gift counts: 人・世帯・社, or only itself (件).
type CountsAs string

// Nobody is invented: a nameless gift counts as a gift, not as a person.
const (
	CountsPerson    CountsAs = "person"
	CountsHousehold CountsAs = "household"
	CountsCompany   CountsAs = "company"
	CountsNameless  CountsAs = "nameless"
)

// Display says how the public sees the giver.
type Display string

// By default a giver is anonymous to the public.
const (
	Anonymous Display = "anonymous"
	Initials  Display = "initials"
	FullName  Display = "name"
)

const selectDonation = `
	SELECT organisation_id, id, coalesce(campaign_id, 0) AS campaign_id, coalesce(plan_version, 0) AS plan_version, fund_id,
	       coalesce(use_id, 0) AS use_id, coalesce(donor_id, 0) AS donor_id, channel, amount, counts_as, counted, display,
	       display_name, message, status, given_on, paid_on, receipt_wanted, refunded, charge_ref,
	       coalesce(reversed_at, '0001-01-01 00:00:00Z') AS reversed_at, told_by, entered_at, wish, language
	  FROM donation`

// FindDonation returns a gift, or ErrNotFound.
func FindDonation(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Donation, error) {
	return getDonation(ctx, q, selectDonation+` WHERE organisation_id = $1 AND id = $2`, organisationID, id)
}

// FindDonationByToken returns the gift a private link opens, or ErrNotFound.
func FindDonationByToken(ctx context.Context, q sqlx.QueryerContext, organisationID int64, token string) (Donation, error) {
	hash := sha256.Sum256([]byte(token))
	return getDonation(ctx, q, selectDonation+` WHERE organisation_id = $1 AND token_hash = $2`, organisationID, hash[:])
}

// NoCampaign asks for gifts to no campaign.
const NoCampaign = -1

// GiftFilter narrows a list of gifts; zero fields do not.
type GiftFilter struct {
	CampaignID int64 // NoCampaign: unasked gifts
	Status     DonationStatus
	Channel    Channel
	Text       string // in the giver's name or the id
}

// ListedGift is a gift with the giver's name, for the group's own list.
type ListedGift struct {
	Donation
	DonorName string `db:"donor_name"`
	DonorMail string `db:"donor_mail"`
	Title     string `db:"title"`
	ReceiptID int64  `db:"receipt_id"` // the receipt in force, or 0
}

// Gifts returns up to limit gifts of an organisation, the newest first, those before a given id and instant.
func Gifts(ctx context.Context, q sqlx.QueryerContext, organisationID int64, f GiftFilter, before time.Time, beforeID int64, limit int) ([]ListedGift, error) {
	var gifts []ListedGift
	err := sqlx.SelectContext(ctx, q, &gifts, `
		SELECT d.organisation_id, d.id, coalesce(d.campaign_id, 0) AS campaign_id, coalesce(d.plan_version, 0) AS plan_version,
		       d.fund_id, coalesce(d.use_id, 0) AS use_id, coalesce(d.donor_id, 0) AS donor_id, d.channel, d.amount, d.counts_as,
		       d.counted, d.display, d.display_name, d.message, d.status, d.given_on, d.paid_on, d.receipt_wanted, d.refunded,
		       d.charge_ref, coalesce(d.reversed_at, '0001-01-01 00:00:00Z') AS reversed_at, d.told_by, d.entered_at, coalesce(g.name, '') AS donor_name, coalesce(g.mail, '') AS donor_mail,
		       coalesce(p.title, '') AS title,
		       coalesce((SELECT max(r.id) FROM receipt r
		                  WHERE r.organisation_id = d.organisation_id AND r.donation_id = d.id
		                    AND NOT EXISTS (SELECT FROM receipt_void v
		                                     WHERE v.organisation_id = r.organisation_id AND v.receipt_id = r.id)), 0) AS receipt_id
		  FROM donation d
		  LEFT JOIN donor g ON g.organisation_id = d.organisation_id AND g.id = d.donor_id
		  LEFT JOIN plan p ON p.organisation_id = d.organisation_id AND p.campaign_id = d.campaign_id AND p.version = d.plan_version
		 WHERE d.organisation_id = $1
		   AND ($2::bigint = 0 OR d.campaign_id = $2 OR ($2 = -1 AND d.campaign_id IS NULL))
		   AND ($3 = '' OR d.status = $3)
		   AND ($4 = '' OR d.channel = $4)
		   AND ($5 = '' OR position($5 IN coalesce(g.name, '')) > 0 OR position($5 IN coalesce(g.kana, '')) > 0 OR d.id::text = $5)
		   AND ($6::timestamptz IS NULL OR (d.entered_at, d.id) < ($6, $7::bigint))
		 ORDER BY d.entered_at DESC, d.id DESC
		 LIMIT $8`, organisationID, f.CampaignID, f.Status, f.Channel, f.Text,
		sql.NullTime{Time: before, Valid: !before.IsZero()}, beforeID, limit)
	if err != nil {
		return nil, fmt.Errorf("gifts: %w", err)
	}
	return gifts, nil
}

func getDonation(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (Donation, error) {
	var d Donation
	err := sqlx.GetContext(ctx, q, &d, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrNotFound
	}
	if err != nil {
		return d, fmt.Errorf("donation: %w", err)
	}
	return d, nil
}
