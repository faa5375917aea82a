package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// CodeLasts is how long the digits and the link of a mail work.
const CodeLasts = 15 * time.Minute

// mostTries is how often digits may be typed.
const mostTries = 5

// How often signing in may be begun. For one mail address that is 100 guesses a day, each begun with a mail to its
// holder; for one network address it is an office where everybody signs in at once.
const (
	perMailAnHour    = 5
	perMailADay      = 20
	perAddressAnHour = 40
)

// ErrTooMany says that somebody tried too often for now.
var ErrTooMany = errors.New("auth: too many tries")

// Request asks for a mail to sign in with.
type Request struct {
	Mail    string                    // as typed
	Address string                    // where on the network it comes from: limit.Network
	Link    func(token string) string // the whole web address of the page that UseLink's button is on
}

// Begin sends digits and a link to the person with that mail address, and returns the value that the browser keeps
// for EnterCode. It answers the same when nobody has the address. mail.ErrAddress if it is no address; ErrTooMany,
// for known and unknown addresses alike, if it was asked too often.
func Begin(ctx context.Context, db *sqlx.DB, r Request, now time.Time) (browser string, err error) {
	address, err := mail.ParseAddress(r.Mail)
	if err != nil {
		return "", err
	}
	for _, room := range []struct {
		key  string
		n    int
		span time.Duration
	}{
		{"sign_in_from:" + r.Address, perAddressAnHour, time.Hour},
		{"sign_in:" + address, perMailAnHour, time.Hour},
		{"sign_in_day:" + address, perMailADay, 24 * time.Hour},
	} {
		switch ok, err := limit.Allow(ctx, db, room.key, room.n, room.span, now); {
		case err != nil:
			return "", err
		case !ok:
			return "", ErrTooMany
		}
	}
	code, err := newCode()
	if err != nil {
		return "", fmt.Errorf("sign-in: %w", err)
	}
	browser, token := newToken(), newToken()
	return browser, ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		person, err := personByMail(ctx, tx, address)
		if err != nil {
			return err
		}
		id, err := insertSignIn(ctx, tx, signIn{
			personID: person.ID, token: token, browser: browser, code: code, at: now, until: now.Add(CodeLasts),
		})
		if err != nil || person.ID == 0 {
			return err
		}
		return mail.Enqueue(ctx, tx, letter(id, person, code, r.Link(token), now), now)
	})
}

// personByMail returns the person, or one with id 0 if nobody has the address.
func personByMail(ctx context.Context, tx *sqlx.Tx, address string) (ledger.Person, error) {
	var p ledger.Person
	err := tx.GetContext(ctx, &p, `
		SELECT id, name, mail, created_at
		  FROM person
		 WHERE mail = $1`, address)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return p, fmt.Errorf("sign-in: %w", err)
	}
	return p, nil
}

// signIn is one try; without a person nobody can end it, without a browser it is a link alone.
type signIn struct {
	personID             int64
	token, browser, code string
	at, until            time.Time
}

func insertSignIn(ctx context.Context, tx *sqlx.Tx, s signIn) (id int64, err error) {
	var browser, code []byte
	if s.browser != "" {
		browser, code = hashOf("browser", s.browser), codeHash(s.browser, s.code)
	}
	err = tx.GetContext(ctx, &id, `
		INSERT INTO sign_in (person_id, token_hash, browser_hash, code_hash, created_at, expires_at)
		VALUES (nullif($1, 0), $2, $3, $4, $5, $6)
		RETURNING id`, s.personID, hashOf("link", s.token), browser, code, s.at, s.until)
	if err != nil {
		return 0, fmt.Errorf("sign-in: %w", ledger.Classify(err))
	}
	return id, nil
}

// letter carries the digits. They are not in the subject, which phones show while locked.
func letter(id int64, person ledger.Person, code, link string, now time.Time) mail.Message {
	return mail.Message{
		OrganisationID: mail.Program,
		Kind:           "sign_in",
		Key:            fmt.Sprintf("sign_in:%d", id),
		To:             person.Mail,
		Subject:        "サインインの番号をお送りします",
		KeepUntil:      now.Add(CodeLasts),
		Text: person.Name + " 様\n\n" +
			"サインインするための番号です。\n\n" +
			"　　" + code + "\n\n" +
			"番号をたのんだ画面に、15分以内に入れてください。画面を閉じてしまったときは、" +
			"次のリンクを開いて「サインインする」を押してください。リンクも15分のあいだ、一度だけ使えます。\n\n" +
			link + "\n\n" +
			"番号とリンクは、だれにも伝えないでください。こちらからたずねることはありません。\n" +
			"このメールに心当たりがないときは、何もしなくて大丈夫です。" +
			"このメールがなければ、だれもサインインできません。\n",
	}
}
