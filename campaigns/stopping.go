package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Rest is what becomes of the money of a stopped campaign, as its plan said for that case.
type Rest string

// The rest goes back, and only what cannot go back goes to the fund named; or givers choose, and silence means that fund; or all of it goes
// there.
const (
	RestReturn Rest = "return"
	RestAsk    Rest = "ask"
	RestMove   Rest = "move"
)

// ErrPaymentsOpen says that gifts to the stopped campaign are still being paid.
var ErrPaymentsOpen = errors.New("campaigns: payments are still open")

// Stopping is how far the stopping of a campaign has come, with the figures of each step.
type Stopping struct {
	Campaign Campaign
	Plan     Plan
	Progress Progress
	Open     int // payment pages that can still be paid
	OpenSum  ledger.Yen
	OpenTill time.Time // when the last of them ends
	Change   Change    // the zero Change until the group has said what becomes of the rest
	Tally    Tally
	Returns  []Return
	ToReturn ledger.Yen // still to go back
	Returned ledger.Yen // gone back
	Moved    ledger.Yen // where the rest goes
}

// FindStopping returns how far the stopping of a campaign has come, or ErrNotFound when it was not stopped.
func FindStopping(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (Stopping, error) {
	var s Stopping
	var err error
	if s.Campaign, err = Find(ctx, q, organisationID, campaignID); err != nil {
		return s, err
	}
	s.Change, err = getChange(ctx, q, selectChange+` WHERE organisation_id = $1 AND campaign_id = $2 AND kind = 'stop'`, organisationID, campaignID)
	known := err == nil
	if err != nil && !errors.Is(err, ErrNotFound) {
		return s, err
	}
	if s.Campaign.Status != Stopped && !known {
		return s, fmt.Errorf("campaign %d is not stopped: %w", campaignID, ErrNotFound)
	}
	if s.Plan, err = FindPlan(ctx, q, organisationID, campaignID, s.Campaign.Version); err != nil {
		return s, err
	}
	if s.Progress, err = FindProgress(ctx, q, s.Campaign, s.Plan); err != nil {
		return s, err
	}
	// A gift whose payment page has ended, or never began, waits for nothing.
	err = q.QueryRowxContext(ctx, `
		SELECT count(*)::int, coalesce(sum(d.amount), 0)::bigint, coalesce(max(k.until), '0001-01-01 00:00:00Z')
		  FROM donation d
		  JOIN LATERAL (
		       SELECT max(greatest(c.expires_at, c.voucher_until)) AS until
		         FROM checkout c
		        WHERE c.organisation_id = d.organisation_id AND c.donation_id = d.id AND c.status IN ('open', 'pending')) AS k ON k.until IS NOT NULL
		 WHERE d.organisation_id = $1 AND d.campaign_id = $2 AND d.status = 'pending'`, organisationID, campaignID).Scan(&s.Open, &s.OpenSum, &s.OpenTill)
	if err != nil {
		return s, fmt.Errorf("open payments of campaign %d: %w", campaignID, err)
	}
	if !known {
		return s, nil
	}
	return s, s.settled(ctx, q)
}

func (s *Stopping) settled(ctx context.Context, q sqlx.QueryerContext) (err error) {
	o := s.Campaign.OrganisationID
	if s.Tally, err = CountAnswers(ctx, q, s.Change); err != nil {
		return err
	}
	if s.Returns, err = Returns(ctx, q, o, s.Change.ID); err != nil {
		return err
	}
	for _, r := range s.Returns {
		switch {
		case r.Status == RefundPaid:
			s.Returned += r.Amount
		case r.GivenUp == "":
			s.ToReturn += r.Amount
		}
	}
	err = sqlx.GetContext(ctx, q, &s.Moved, `
		SELECT coalesce(sum(e.amount), 0)::bigint
		  FROM entry e
		  JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
		 WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account = 3200 AND e.use_id IS NULL
		   AND (t.source = 'transfer:stop:' || $3 OR t.source LIKE 'transfer:stop-kept:%:' || $3)`, o, s.Campaign.FundID, fmt.Sprint(s.Change.ID))
	if err != nil {
		return fmt.Errorf("rest of campaign %d: %w", s.Campaign.ID, err)
	}
	return nil
}

// SettleStop says what becomes of the rest of a stopped campaign, by what its plan said for that case, and begins to do it: asks the givers, or moves it at
// once. to is the fund that gets what is not given back: the general one or another campaign's. Nothing is spent from the campaign any more while givers are asked.
// ErrClosed unless it was stopped; ErrPaymentsOpen while gifts are being paid; ErrAsking when it was said before.
func SettleStop(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, rest Rest, to int64, secret Secret, by ledger.Actor, at time.Time) (Change, error) {
	c, err := lock(ctx, tx, organisationID, campaignID)
	if err != nil {
		return Change{}, err
	}
	if c.Status != Stopped {
		return Change{}, fmt.Errorf("campaign %d: %w", campaignID, ErrClosed)
	}
	if err = restFits(ctx, tx, c, rest, to); err != nil {
		return Change{}, err
	}
	if err = lockBook(ctx, tx, organisationID); err != nil {
		return Change{}, err
	}
	s, err := FindStopping(ctx, tx, organisationID, campaignID)
	if err != nil {
		return Change{}, err
	}
	if s.Change.ID > 0 {
		return s.Change, fmt.Errorf("campaign %d: %w", campaignID, ErrAsking)
	}
	if s.Open > 0 {
		return Change{}, fmt.Errorf("campaign %d: %w", campaignID, ErrPaymentsOpen)
	}
	progress, flows, err := findProgress(ctx, tx, c, s.Plan)
	if err != nil {
		return Change{}, err
	}
	all := func(int64) bool { return true }
	uses := standings(s.Plan, progress, flows, all)
	change := Change{
		OrganisationID: organisationID, CampaignID: campaignID, Kind: ChangeStop, FromVersion: c.Version, Version: c.Version, BaseVersion: c.Version, Status: Asking,
		OpenedOn: ledger.DateOf(at), DecidesOn: ledger.DateOf(at).AddDays(AskingDays), Rest: rest, RestFundID: to, Reason: s.Plan.IfStopped,
	}
	for _, u := range uses {
		change.Unspent += u.Unspent()
	}
	if rest == RestMove || change.Unspent == 0 {
		change.Status, change.DecidesOn, change.InForceOn = InForce, ledger.Date{}, change.OpenedOn
	}
	if err = change.insert(ctx, tx, by, at); err != nil {
		return change, err
	}
	if err = ledger.Note(ctx, tx, organisationID, "campaign", campaignID, "stop_rest", by, at, ""); err != nil {
		return change, err
	}
	if change.Status == InForce {
		return change, moveRest(ctx, tx, c, change, by, at)
	}
	var hold []int64
	for _, u := range uses {
		hold = append(hold, u.UseID)
	}
	if err = holdUses(ctx, tx, change, hold); err != nil {
		return change, err
	}
	silence := ChooseKeep
	if rest == RestReturn {
		silence = ChooseReturn
	}
	return change, openWindow(ctx, tx, change, uses, silence, secret)
}

// restFits says what is wrong with where the rest is to go.
func restFits(ctx context.Context, q sqlx.QueryerContext, c Campaign, rest Rest, to int64) error {
	bad := ledger.Invalid{}
	bad.Need(rest == RestReturn || rest == RestAsk || rest == RestMove, "rest", "change.rest_missing")
	fund, err := ledger.FindFund(ctx, q, c.OrganisationID, to)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return err
	}
	general := fund.Kind == ledger.GeneralFund
	bad.Need(err == nil && to != c.FundID && fund.ClosedOn.IsZero() && (general || fund.Kind == ledger.CampaignFund), "to", "change.rest_fund")
	return bad.Err()
}

// moveRest moves what is left in a stopped campaign's fund, but for what is to be given back, where the group said it goes.
func moveRest(ctx context.Context, tx *sqlx.Tx, c Campaign, change Change, by ledger.Actor, at time.Time) error {
	free, err := freeOf(ctx, tx, c, change)
	if err != nil {
		return err
	}
	return transferRest(ctx, tx, c, change, change.RestFundID, free, "stop", "中止した募金の残り", by, at)
}
