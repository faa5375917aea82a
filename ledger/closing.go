package ledger

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Finding is something that is still open when days are closed. It is solved first, or stays for a written reason.
type Finding struct {
	Kind   FindingKind `db:"kind"`
	Count  int         `db:"count"`
	Amount Yen         `db:"amount"` // 0 where it is not about yen
}

// FindingKind says what is open.
type FindingKind string

// What the ledger itself finds. Callers add what they know of: NotSwept is a payment account whose statement was not read beyond the last day.
const (
	UncheckedExpenses FindingKind = "unchecked" // 確認前
	PayoutsInTransit  FindingKind = "transit"   // 入金待ち: on the way to the bank
	UnclearYen        FindingKind = "unclear"   // 照合待ち: nobody knows yet whose
	NotSealed         FindingKind = "unsealed"  // records that have waited for the sealer for a minute and more
	NotSwept          FindingKind = "sweep"
)

// sealedWithin is how long a record may wait to be sealed before anybody hears of it.
const sealedWithin = time.Minute

//go:embed query/closing.sql
var closingSQL string

// FindOpen returns what is open of the days up to until, the last of a month, seen at an instant. What was on its way on that day and has
// arrived since is not.
func FindOpen(ctx context.Context, q sqlx.QueryerContext, organisationID int64, until Date, at time.Time) ([]Finding, error) {
	var found []Finding
	if err := sqlx.SelectContext(ctx, q, &found, closingSQL, organisationID, until, at.Add(-sealedWithin)); err != nil {
		return nil, fmt.Errorf("open until %s: %w", until, err)
	}
	for _, place := range []struct {
		account int
		kind    FindingKind
	}{{InTransit, PayoutsInTransit}, {Unclear, UnclearYen}} {
		left, err := stillThere(ctx, q, organisationID, place.account, until)
		if err != nil {
			return nil, err
		}
		if left != 0 {
			found = append(found, Finding{Kind: place.kind, Amount: left})
		}
	}
	return found, nil
}

// stillThere returns what an account held at the end of a month less what has left it since: what came later is taken to leave later.
func stillThere(ctx context.Context, q sqlx.QueryerContext, organisationID int64, account int, until Date) (Yen, error) {
	var held, in, out Yen
	err := q.QueryRowxContext(ctx, `
		SELECT (SELECT coalesce(sum(b.amount), 0)::bigint FROM flow b WHERE b.organisation_id = $1 AND b.account = $2 AND b.month <= $3),
		       coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0)::bigint,
		       coalesce(sum(e.amount) FILTER (WHERE e.amount < 0), 0)::bigint
		  FROM entry e
		 WHERE e.organisation_id = $1 AND e.account = $2 AND e.booked_on > $3`, organisationID, account, until).Scan(&held, &in, &out)
	if err != nil {
		return 0, fmt.Errorf("account %d: %w", account, err)
	}
	if held > 0 {
		return max(0, held+out), nil
	}
	return min(0, held+in), nil
}

// Closing is the act of closing every day up to one.
type Closing struct {
	UntilOn  Date      `db:"until_on"`
	Kind     string    `db:"kind"`
	By       string    `db:"by_name"`
	ClosedAt time.Time `db:"closed_at"`
	Reason   string    `db:"reason"` // why what was open then could stay so
}

// Closings returns the acts of closing, the latest first.
func Closings(ctx context.Context, q sqlx.QueryerContext, organisationID int64, limit int) ([]Closing, error) {
	var all []Closing
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT p.until_on, p.kind, a.name AS by_name, p.closed_at, p.reason
		  FROM period p
		  JOIN actor a ON a.organisation_id = p.organisation_id AND a.id = p.actor_id
		 WHERE p.organisation_id = $1
		 ORDER BY p.until_on DESC, p.closed_at DESC
		 LIMIT $2`, organisationID, limit)
	if err != nil {
		return nil, fmt.Errorf("periods: %w", err)
	}
	return all, nil
}
