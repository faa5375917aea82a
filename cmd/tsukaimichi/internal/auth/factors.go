package auth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrFactor says that what was shown as a second factor is not right, or was used before.
var ErrFactor = errors.New("auth: second factor refused")

// ErrNoPasskeys says that the site's address can have no passkeys: browsers want https and a name.
var ErrNoPasskeys = errors.New("auth: no passkeys at this address")

// How often a second factor may be typed. Of a million digits three count at a time: 30 tries a day find them in 30 years.
const (
	factorsAnHour        = 10
	factorsADay          = 30
	factorsFromAddressAn = 60 // hour
)

// Factors are what people show besides their mailbox: passkeys, an app that shows digits, a sheet of paper.
type Factors struct {
	db     *sqlx.DB
	box    *seal.Box
	rp     *webauthn.WebAuthn // nil where there can be no passkeys
	origin string
}

// NewFactors returns the Factors of the site with the address, such as https://tsukaimichi.example. On a practice machine, whose
// address has no name, passkeys work under localhost.
func NewFactors(db *sqlx.DB, box *seal.Box, site string) (*Factors, error) {
	f := &Factors{db: db, box: box}
	u, err := url.Parse(site)
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	name := u.Hostname()
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() {
		name = "localhost"
	}
	if net.ParseIP(name) != nil || (u.Scheme != "https" && name != "localhost") {
		return f, nil
	}
	f.origin = u.Scheme + "://" + name
	if u.Port() != "" {
		f.origin += ":" + u.Port()
	}
	f.rp, err = webauthn.New(&webauthn.Config{RPID: name, RPDisplayName: "使い道", RPOrigins: []string{f.origin}})
	if err != nil {
		return nil, fmt.Errorf("passkeys of %s: %w", f.origin, err)
	}
	return f, nil
}

// PasskeyOrigin is where passkeys work, "" if nowhere: a browser that came by another address has to change over.
func (f *Factors) PasskeyOrigin() string { return f.origin }

// Held is what a person has to show.
type Held struct {
	Passkeys []Passkey
	AppSince time.Time // zero without an app
	Sheet    Sheet
}

// Some reports whether there is anything to show.
func (h Held) Some() bool { return len(h.Passkeys) > 0 || !h.AppSince.IsZero() || h.Sheet.Left > 0 }

// Typed reports whether there is anything to type: digits of an app or a number of a sheet.
func (h Held) Typed() bool { return !h.AppSince.IsZero() || h.Sheet.Left > 0 }

// Of returns what a person has to show.
func (f *Factors) Of(ctx context.Context, personID int64) (Held, error) {
	var h Held
	err := f.db.SelectContext(ctx, &h.Passkeys, `
		SELECT id, name, created_at, used_at
		  FROM passkey
		 WHERE person_id = $1
		 ORDER BY created_at, id`, personID)
	if err != nil {
		return h, fmt.Errorf("passkeys of person %d: %w", personID, err)
	}
	var since []time.Time
	err = f.db.SelectContext(ctx, &since, `
		SELECT created_at
		  FROM code_app
		 WHERE person_id = $1 AND status = 'active'`, personID)
	if err != nil {
		return h, fmt.Errorf("app of person %d: %w", personID, err)
	}
	if len(since) > 0 {
		h.AppSince = since[0]
	}
	h.Sheet, err = f.sheetOf(ctx, personID)
	return h, err
}

// Enter takes what somebody typed: the six digits of the app or a number of the sheet; each is good once. address is where
// on the network it comes from (limit.Network). ErrFactor if it is not right, ErrTooMany if it was tried too often; a try counts before anything is compared.
func (f *Factors) Enter(ctx context.Context, p Person, address, typed string, now time.Time) error {
	if err := f.mayTry(ctx, p.ID, address, now); err != nil {
		return err
	}
	switch text := digits(typed); len(text) {
	case appDigits:
		return f.enterApp(ctx, p.ID, text, now)
	case sheetDigits:
		return f.enterSheet(ctx, p, text, now)
	}
	return ErrFactor
}

// mayTry counts one more try of the person and of the network address.
func (f *Factors) mayTry(ctx context.Context, personID int64, address string, now time.Time) error {
	for _, room := range []struct {
		key  string
		n    int
		span time.Duration
	}{
		{"factor_from:" + address, factorsFromAddressAn, time.Hour},
		{fmt.Sprintf("factor:%d", personID), factorsAnHour, time.Hour},
		{fmt.Sprintf("factor_day:%d", personID), factorsADay, 24 * time.Hour},
	} {
		switch ok, err := limit.Allow(ctx, f.db, room.key, room.n, room.span, now); {
		case err != nil:
			return err
		case !ok:
			return ErrTooMany
		}
	}
	return nil
}

// FindByMail returns the person with the mail address; ledger.ErrNotFound if nobody has it.
func FindByMail(ctx context.Context, tx *sqlx.Tx, address string) (Person, error) {
	found, err := personByMail(ctx, tx, address)
	if err == nil && found.ID == 0 {
		err = ledger.ErrNotFound
	}
	return Person{ID: found.ID, Name: found.Name, Mail: found.Mail}, err
}

// Forget takes everything from a person that could be shown, ends all sessions and tells the person: for an operator, when somebody has
// lost all of it.
func Forget(ctx context.Context, tx *sqlx.Tx, p Person, now time.Time) error {
	for _, query := range []string{
		`DELETE FROM passkey WHERE person_id = $1`, `DELETE FROM code_app WHERE person_id = $1`,
		`DELETE FROM recovery_code WHERE person_id = $1`, `DELETE FROM known_browser WHERE person_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, query, p.ID); err != nil {
			return fmt.Errorf("factors of person %d: %w", p.ID, err)
		}
	}
	if err := endAll(ctx, tx, p.ID); err != nil {
		return err
	}
	return tell(ctx, tx, p, "ご本人と確かめる方法を、運営がみな消しました。次にサインインしたあとで、「自分のこと」から、もう一度用意してください。", now)
}
