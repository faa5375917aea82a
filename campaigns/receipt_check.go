package campaigns

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"math/big"

	"github.com/jmoiron/sqlx"
)

// checks is how many there are of what a receipt's holder types: twelve digits.
var checks = big.NewInt(1_000_000_000_000)

func newCheck() (string, error) {
	n, err := rand.Int(rand.Reader, checks)
	if err != nil {
		return "", fmt.Errorf("check of a receipt: %w", err)
	}
	return fmt.Sprintf("%012d", n), nil
}

// FindReceiptByCheck returns the receipt of a label ("2026-0012", "2026-0012-2") to whoever has the digits printed on it; ErrNotFound for
// any other label or digits. Callers count how often it is tried.
func FindReceiptByCheck(ctx context.Context, q sqlx.QueryerContext, organisationID int64, label, check string) (Receipt, error) {
	var year, number, branch int
	if n, _ := fmt.Sscanf(label, "%4d-%d-%d", &year, &number, &branch); n < 2 {
		return Receipt{}, ErrNotFound
	} else if n == 2 {
		branch = 1
	}
	var id int64
	err := sqlx.GetContext(ctx, q, &id, `
		SELECT id
		  FROM receipt
		 WHERE organisation_id = $1 AND year = $2 AND number = $3 AND branch = $4`, organisationID, year, number, branch)
	if errors.Is(err, sql.ErrNoRows) {
		return Receipt{}, ErrNotFound
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("receipt %s: %w", label, err)
	}
	r, err := FindReceipt(ctx, q, organisationID, id)
	if err != nil {
		return r, err
	}
	if r.Payload.Check == "" || r.Label() != label || subtle.ConstantTimeCompare([]byte(r.Payload.Check), []byte(check)) != 1 {
		return Receipt{}, ErrNotFound
	}
	return r, nil
}
