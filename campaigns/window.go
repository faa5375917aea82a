package campaigns

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ask opens the two weeks of a new version: the uses it touches, and those it adds, are held, and everybody who can be asked has a share.
func (k Considered) ask(ctx context.Context, tx *sqlx.Tx, change Change, secret Secret) error {
	hold := make([]int64, 0, len(k.Weight.Touched))
	for id := range k.Weight.Touched {
		hold = append(hold, id)
	}
	for _, u := range k.Next.Uses {
		if !k.InForce.has(u.UseID) {
			hold = append(hold, u.UseID)
		}
	}
	if err := holdUses(ctx, tx, change, hold); err != nil {
		return err
	}
	uses := standings(k.InForce, k.progress, k.flows, func(id int64) bool { return k.Weight.Touched[id] })
	return openWindow(ctx, tx, change, uses, ChooseKeep, secret)
}

// has reports whether a use stands in the plan.
func (p Plan) has(useID int64) bool {
	return slices.ContainsFunc(p.Uses, func(u PlanUse) bool { return u.UseID == useID })
}

func holdUses(ctx context.Context, tx *sqlx.Tx, change Change, uses []int64) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO use_hold (organisation_id, use_id, change_id)
		SELECT $1, u.id, $2
		  FROM unnest($3::bigint[]) AS u (id)
		    ON CONFLICT ON CONSTRAINT use_hold_pkey DO NOTHING`, change.OrganisationID, change.ID, pq.Array(uses))
	if err != nil {
		return fmt.Errorf("change %d: %w", change.ID, ledger.Classify(err))
	}
	return nil
}

// standings are the uses of a plan as Shares needs them.
func standings(p Plan, progress Progress, flows map[int64]useFlow, touched func(useID int64) bool) []Standing {
	free := progress.Carried + progress.Received
	all := make([]Standing, len(progress.Uses))
	for i, u := range progress.Uses {
		named := max(0, min(flows[u.UseID].Named, free))
		free -= named
		all[i] = Standing{UseID: u.UseID, Received: u.Received, Named: named, Spent: u.Spent, Touched: touched(u.UseID)}
	}
	return all
}

// openWindow keeps where the uses stand and gives everybody his share and his question. silence is what no answer means.
func openWindow(ctx context.Context, tx *sqlx.Tx, change Change, uses []Standing, silence Choice, secret Secret) error {
	for _, u := range uses {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO change_use (organisation_id, change_id, use_id, touched, received, named, spent, unspent)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, change.OrganisationID, change.ID, u.UseID, u.Touched, u.Received, u.Named, u.Spent, u.Unspent())
		if err != nil {
			return fmt.Errorf("change %d: %w", change.ID, ledger.Classify(err))
		}
	}
	p, err := FindPlan(ctx, tx, change.OrganisationID, change.CampaignID, change.FromVersion)
	if err != nil {
		return err
	}
	gifts, err := findHoldings(ctx, tx, change.OrganisationID, change.CampaignID, p.YearFrom)
	if err != nil {
		return err
	}
	shares, err := Shares(uses, gifts.holdings)
	if err != nil {
		return fmt.Errorf("change %d: %w", change.ID, err)
	}
	asks, err := insertAsks(ctx, tx, change, shares, gifts, silence, secret)
	if err != nil {
		return err
	}
	return insertShares(ctx, tx, change, shares, asks)
}

// gifts are the standing gifts of a campaign: what is left of each, and whom to ask about it.
type gifts struct {
	holdings []Holding
	asked    map[int64]asked // by donation
}

// asked is whom to ask about a gift: its giver, or the holder of its link; neither for nameless cash.
type asked struct{ donor, donation int64 }

// owedSQL is what givers took back of each gift in earlier changes and no refund counts yet.
const owedSQL = `
	SELECT b.donation_id, sum(b.amount)::bigint AS amount
	  FROM change_return b
	  LEFT JOIN refund r ON r.organisation_id = b.organisation_id AND r.id = b.refund_id
	 WHERE b.organisation_id = $1 AND b.given_up = '' AND (b.refund_id IS NULL OR r.status = 'failed')
	 GROUP BY b.donation_id`

// findHoldings finds what is held of the gifts of a campaign, or with a year of those given since that began: what a standing call carries over from earlier
// years is nobody's share.
func findHoldings(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64, year ledger.Date) (gifts, error) {
	var rows []struct {
		ID      int64      `db:"id"`
		UseID   int64      `db:"use_id"`
		Amount  ledger.Yen `db:"amount"`
		DonorID int64      `db:"donor_id"`
		Online  bool       `db:"online"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT d.id, coalesce(d.use_id, 0) AS use_id, greatest(0, d.amount - d.refunded - coalesce(o.amount, 0))::bigint AS amount,
		       coalesce(d.donor_id, 0) AS donor_id, d.channel IN ('card', 'konbini') AS online
		  FROM donation d
		  LEFT JOIN (`+owedSQL+`) AS o ON o.donation_id = d.id
		 WHERE d.organisation_id = $1 AND d.campaign_id = $2 AND d.status = 'paid' AND d.reversed_at IS NULL AND d.refunded < d.amount
		   AND ($3::date IS NULL OR d.given_on >= $3)
		 ORDER BY d.given_on, d.entered_at, d.key`, organisationID, campaignID, year)
	if err != nil {
		return gifts{}, fmt.Errorf("gifts of campaign %d: %w", campaignID, err)
	}
	var answers []redirected
	err = sqlx.SelectContext(ctx, q, &answers, `
		SELECT g.donation_id, g.from_use, coalesce(g.to_use_id, 0) AS to_use, g.amount
		  FROM designation g
		  JOIN plan_change h ON h.organisation_id = g.organisation_id AND h.id = g.change_id
		 WHERE g.organisation_id = $1 AND g.campaign_id = $2
		 ORDER BY h.proposed_at, g.donation_id, g.from_use`, organisationID, campaignID)
	if err != nil {
		return gifts{}, fmt.Errorf("designations of campaign %d: %w", campaignID, err)
	}
	out := gifts{asked: map[int64]asked{}}
	held := make([]Holding, len(rows))
	for i, r := range rows {
		held[i] = Holding{r.ID, r.UseID, r.Amount}
		switch {
		case r.DonorID > 0:
			out.asked[r.ID] = asked{donor: r.DonorID}
		case r.Online:
			out.asked[r.ID] = asked{donation: r.ID}
		}
	}
	out.holdings = holdings(held, answers)
	return out, nil
}

// HoldingsOf returns what is left of a gift in its campaign's fund and what each part is meant for: the use its giver named, the one he chose
// when he was asked about a change, or none. What went to the general fund is not in it. Empty for a gift that does not stand.
func HoldingsOf(ctx context.Context, q sqlx.QueryerContext, d Donation) ([]Holding, error) {
	all, err := findHoldings(ctx, q, d.OrganisationID, d.CampaignID, ledger.Date{})
	return slices.DeleteFunc(all.holdings, func(h Holding) bool { return h.DonationID != d.ID }), err
}

// insertAsks writes one question for everybody who can be asked and has a share, and returns their ids.
func insertAsks(ctx context.Context, tx *sqlx.Tx, change Change, shares []Share, g gifts, silence Choice, secret Secret) (map[int64]int64, error) {
	var order []asked
	sums := map[asked]ledger.Yen{}
	for _, s := range shares {
		who, known := g.asked[s.DonationID]
		if !known {
			continue
		}
		if sums[who] == 0 {
			order = append(order, who)
		}
		sums[who] += s.Of
	}
	donors, donations, amounts, hashes := make([]int64, len(order)), make([]int64, len(order)), make([]int64, len(order)), make([][]byte, len(order))
	for i, who := range order {
		hash := sha256.Sum256([]byte(secret(askName(change.ID, who.donor, who.donation))))
		donors[i], donations[i], amounts[i], hashes[i] = who.donor, who.donation, int64(sums[who]), hash[:]
	}
	var rows []struct {
		ID       int64 `db:"id"`
		Donor    int64 `db:"donor_id"`
		Donation int64 `db:"donation_id"`
	}
	err := tx.SelectContext(ctx, &rows, `
		INSERT INTO change_ask (organisation_id, change_id, donor_id, donation_id, token_hash, amount, choice)
		SELECT $1, $2, nullif(a.donor, 0), nullif(a.donation, 0), a.hash, a.amount, $7
		  FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[]) WITH ORDINALITY AS a (donor, donation, amount, hash, position)
		 ORDER BY a.position
		RETURNING id, coalesce(donor_id, 0) AS donor_id, coalesce(donation_id, 0) AS donation_id`,
		change.OrganisationID, change.ID, pq.Array(donors), pq.Array(donations), pq.Array(amounts), pq.Array(hashes), silence)
	if err != nil {
		return nil, fmt.Errorf("change %d: %w", change.ID, ledger.Classify(err))
	}
	ids := map[asked]int64{}
	for _, r := range rows {
		ids[asked{r.Donor, r.Donation}] = r.ID
	}
	of := map[int64]int64{}
	for donation, who := range g.asked {
		if id, is := ids[who]; is {
			of[donation] = id
		}
	}
	return of, nil
}

// askName is what the secret of a link is made from.
func askName(change, donor, donation int64) string {
	return fmt.Sprintf("change %d donor %d donation %d", change, donor, donation)
}

func insertShares(ctx context.Context, tx *sqlx.Tx, change Change, shares []Share, asks map[int64]int64) error {
	n := len(shares)
	gifts, uses, of, amounts := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, s := range shares {
		gifts[i], uses[i], of[i], amounts[i] = s.DonationID, s.UseID, asks[s.DonationID], int64(s.Of)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO change_share (organisation_id, change_id, donation_id, use_id, ask_id, amount)
		SELECT $1, $2, s.gift, s.use, nullif(s.ask, 0), s.amount
		  FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) AS s (gift, use, ask, amount)`,
		change.OrganisationID, change.ID, pq.Array(gifts), pq.Array(uses), pq.Array(of), pq.Array(amounts))
	if err != nil {
		return fmt.Errorf("change %d: %w", change.ID, ledger.Classify(err))
	}
	return nil
}
