package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// The digits of RFC 6238 as every app shows them: six, another every half minute, by HMAC-SHA-1.
const (
	appDigits   = 6
	stepSeconds = 30
)

// ErrNoApp says that no app is being set up.
var ErrNoApp = errors.New("auth: no app is being set up")

// AppKey is what an app has to know.
type AppKey struct {
	Typed seal.Secret // 32 letters and digits, in groups of four
	URL   seal.Secret // for the picture that the app's camera reads
}

// StartApp begins setting up an app, with a key of its own; an app that counts goes on counting until ActivateApp.
func (f *Factors) StartApp(ctx context.Context, personID int64, now time.Time) error {
	var raw [20]byte
	rand.Read(raw[:]) // never fails
	sealed := f.box.Seal(0, appPurpose(personID), seal.Secret(base32.StdEncoding.EncodeToString(raw[:])))
	return ledger.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		if err := dropApp(ctx, tx, personID, "pending"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO code_app (person_id, status, sealed, created_at)
			VALUES ($1, 'pending', $2, $3)`, personID, sealed, now)
		if err != nil {
			return fmt.Errorf("app of person %d: %w", personID, ledger.Classify(err))
		}
		return nil
	})
}

// PendingApp returns the key of the app that is being set up; ErrNoApp if there is none.
func (f *Factors) PendingApp(ctx context.Context, p Person) (AppKey, error) {
	secret, _, err := f.appSecret(ctx, f.db, p.ID, "pending")
	if err != nil {
		return AppKey{}, err
	}
	raw, err := base32.StdEncoding.DecodeString(secret.Reveal())
	if err != nil {
		return AppKey{}, fmt.Errorf("app of person %d: key", p.ID) // the error would quote it
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "使い道", AccountName: p.Mail, Secret: raw})
	if err != nil {
		return AppKey{}, fmt.Errorf("app of person %d: key", p.ID)
	}
	return AppKey{Typed: seal.Secret(inFours(secret.Reveal())), URL: seal.Secret(key.URL())}, nil
}

// ActivateApp makes the app that is being set up the one that counts, once its digits show that it works. ErrFactor if they are wrong,
// ErrNoApp, ErrTooMany.
func (f *Factors) ActivateApp(ctx context.Context, p Person, address, typed string, now time.Time) error {
	if err := f.mayTry(ctx, p.ID, address, now); err != nil {
		return err
	}
	return ledger.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		secret, _, err := f.appSecret(ctx, tx, p.ID, "pending")
		if err != nil {
			return err
		}
		step, right, err := stepOf(secret, digits(typed), now)
		if err != nil {
			return err
		}
		if !right {
			return ErrFactor
		}
		if err = dropApp(ctx, tx, p.ID, "active"); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE code_app
			   SET status = 'active', last_step = $2
			 WHERE person_id = $1 AND status = 'pending'`, p.ID, step)
		if err != nil {
			return fmt.Errorf("app of person %d: %w", p.ID, err)
		}
		return tell(ctx, tx, p, "確認アプリの数字を使うように設定しました。", now)
	})
}

// RemoveApp takes the app away; its digits open nothing from now on.
func (f *Factors) RemoveApp(ctx context.Context, p Person, now time.Time) error {
	return ledger.InTx(ctx, f.db, func(tx *sqlx.Tx) error {
		if err := dropApp(ctx, tx, p.ID, "active"); err != nil {
			return err
		}
		return tell(ctx, tx, p, "確認アプリの数字を、使わないようにしました。", now)
	})
}

// enterApp uses digits up: they, and all older ones, never count again.
func (f *Factors) enterApp(ctx context.Context, personID int64, code string, now time.Time) error {
	secret, last, err := f.appSecret(ctx, f.db, personID, "active")
	if errors.Is(err, ErrNoApp) {
		return ErrFactor
	}
	if err != nil {
		return err
	}
	step, right, err := stepOf(secret, code, now)
	if err != nil {
		return err
	}
	if !right || step <= last {
		return ErrFactor
	}
	result, err := f.db.ExecContext(ctx, `
		UPDATE code_app
		   SET last_step = $2
		 WHERE person_id = $1 AND status = 'active' AND last_step < $2`, personID, step)
	if err != nil {
		return fmt.Errorf("app of person %d: %w", personID, err)
	}
	return refusedIfNone(result)
}

func (f *Factors) appSecret(ctx context.Context, q sqlx.QueryerContext, personID int64, status string) (seal.Secret, int64, error) {
	var app struct {
		Sealed   string `db:"sealed"`
		LastStep int64  `db:"last_step"`
	}
	err := sqlx.GetContext(ctx, q, &app, `
		SELECT sealed, last_step
		  FROM code_app
		 WHERE person_id = $1 AND status = $2`, personID, status)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, ErrNoApp
	}
	if err != nil {
		return "", 0, fmt.Errorf("app of person %d: %w", personID, err)
	}
	secret, err := f.box.Open(0, appPurpose(personID), app.Sealed)
	return secret, app.LastStep, err
}

func dropApp(ctx context.Context, tx *sqlx.Tx, personID int64, status string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM code_app WHERE person_id = $1 AND status = $2`, personID, status)
	if err != nil {
		return fmt.Errorf("app of person %d: %w", personID, err)
	}
	return nil
}

// appPurpose binds the sealed key to its person: copied to another's row it does not open.
func appPurpose(personID int64) string { return fmt.Sprintf("code app of person %d", personID) }

// stepOf finds the half minute whose digits these are: the one of now, the one before or the one after. All three are compared, each in
// the same time.
func stepOf(secret seal.Secret, code string, now time.Time) (step int64, right bool, err error) {
	current := now.Unix() / stepSeconds
	for _, candidate := range []int64{current - 1, current, current + 1} {
		want, err := hotp.GenerateCodeCustom(secret.Reveal(), uint64(candidate), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false, errors.New("auth: key of an app cannot be read") // the error would quote it
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, right = candidate, true
		}
	}
	return step, right, nil
}

func refusedIfNone(result sql.Result) error {
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("second factor: %w", err)
	}
	if n == 0 {
		return ErrFactor
	}
	return nil
}
