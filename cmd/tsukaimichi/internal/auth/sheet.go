package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// A sheet has ten numbers of 24 digits. Digits, because a reader of 72 types them without changing the keyboard; 24, because
// 10^24 is nearly 2^80: nobody finds such a number by trying, not even with the hashes in hand, so they are kept as plain SHA-256
// bound to the person. A slow hash with salt is for secrets that people choose.
const (
	sheetCodes  = 10
	sheetDigits = 24
)

// Sheet is how much of a person's recovery sheet is left. The zero Sheet is none.
type Sheet struct {
	MadeAt time.Time
	Left   int // numbers not used yet
}

// NewSheet makes ten numbers, each good once in place of a second factor, and voids those of the sheet before. They are
// returned this once, in groups of four digits, and kept as hashes.
func (f *Factors) NewSheet(ctx context.Context, p Person, now time.Time) ([]seal.Secret, error) {
	codes := make([]seal.Secret, sheetCodes)
	for i := range codes {
		code, err := newSheetCode()
		if err != nil {
			return nil, fmt.Errorf("sheet: %w", err)
		}
		codes[i] = code
	}
	err := ledger.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM recovery_code WHERE person_id = $1`, p.ID); err != nil {
			return fmt.Errorf("sheet of person %d: %w", p.ID, err)
		}
		for _, code := range codes {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO recovery_code (person_id, code_hash, created_at)
				VALUES ($1, $2, $3)`, p.ID, sheetHash(p.ID, digits(code.Reveal())), now)
			if err != nil {
				return fmt.Errorf("sheet of person %d: %w", p.ID, ledger.Classify(err))
			}
		}
		return tell(ctx, tx, p, "「困ったときの紙」の番号を、新しくつくりました。前の紙の番号は、もう使えません。", now)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// enterSheet uses a number up.
func (f *Factors) enterSheet(ctx context.Context, p Person, code string, now time.Time) error {
	return ledger.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, `
			UPDATE recovery_code
			   SET used_at = $3
			 WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL`, p.ID, sheetHash(p.ID, code), now)
		if err != nil {
			return fmt.Errorf("sheet of person %d: %w", p.ID, err)
		}
		if err = refusedIfNone(result); err != nil {
			return err
		}
		return tell(ctx, tx, p, "「困ったときの紙」の番号が、1つ使われました。", now)
	})
}

func (f *Factors) sheetOf(ctx context.Context, personID int64) (Sheet, error) {
	var row struct {
		MadeAt *time.Time `db:"made_at"`
		Left   int        `db:"left"`
	}
	err := f.db.GetContext(ctx, &row, `
		SELECT max(created_at) AS made_at, count(*) FILTER (WHERE used_at IS NULL) AS left
		  FROM recovery_code
		 WHERE person_id = $1`, personID)
	if err != nil {
		return Sheet{}, fmt.Errorf("sheet of person %d: %w", personID, err)
	}
	if row.MadeAt == nil {
		return Sheet{}, nil
	}
	return Sheet{*row.MadeAt, row.Left}, nil
}

func newSheetCode() (seal.Secret, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Exp(big.NewInt(10), big.NewInt(sheetDigits), nil))
	if err != nil {
		return "", err
	}
	return seal.Secret(inFours(fmt.Sprintf("%0*s", sheetDigits, n.String()))), nil
}

func sheetHash(personID int64, code string) []byte {
	return hashOf("recovery", strconv.FormatInt(personID, 10), code)
}

// inFours puts a space after every fourth character.
func inFours(text string) string {
	var b strings.Builder
	for i, r := range text {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
