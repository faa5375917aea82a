package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Welcome keeps that the person signs in with this browser, and tells him by mail if it is the first time. site is the address of the site.
func (s *Sessions) Welcome(w http.ResponseWriter, r *http.Request, a Arrival, site string) error {
	browser := s.cookie(r, browserCookie)
	if browser == "" {
		browser = newToken()
	}
	err := ledger.InTx(r.Context(), s.db, func(tx *sqlx.Tx) error {
		fresh, err := meet(r.Context(), tx, a, browser)
		if err != nil || !fresh {
			return err
		}
		var p Person
		err = tx.GetContext(r.Context(), &p, `
			SELECT id, name, mail
			  FROM person
			 WHERE id = $1`, a.PersonID)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // the guard will find nobody either
		}
		if err != nil {
			return fmt.Errorf("person %d: %w", a.PersonID, err)
		}
		return mail.Enqueue(r.Context(), tx, strangerLetter(p, a, site), a.At)
	})
	if err != nil {
		return err
	}
	s.keep(w, browserCookie, browser, knownLasts)
	return nil
}

// meet reports whether the person comes with the browser for the first time.
func meet(ctx context.Context, tx *sqlx.Tx, a Arrival, browser string) (bool, error) {
	hash := hashOf("known browser", browser)
	result, err := tx.ExecContext(ctx, `
		INSERT INTO known_browser (person_id, browser_hash, seen_at)
		VALUES ($1, $2, $3)
		    ON CONFLICT ON CONSTRAINT known_browser_pkey DO NOTHING`, a.PersonID, hash, a.At)
	if err != nil {
		return false, fmt.Errorf("browser of person %d: %w", a.PersonID, ledger.Classify(err))
	}
	n, err := result.RowsAffected()
	if err != nil || n > 0 {
		return n > 0, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE known_browser
		   SET seen_at = $3
		 WHERE person_id = $1 AND browser_hash = $2`, a.PersonID, hash, a.At)
	if err != nil {
		return false, fmt.Errorf("browser of person %d: %w", a.PersonID, err)
	}
	return false, nil
}

// strangerLetter says when and with what kind of browser, and what to do if it was somebody else. Where on the network it was, nobody
// keeps.
func strangerLetter(p Person, a Arrival, site string) mail.Message {
	at := a.At.In(ledger.Tokyo)
	return mail.Message{
		OrganisationID: mail.Program,
		Kind:           "new_browser",
		Key:            "new_browser:" + newToken(),
		To:             p.Mail,
		Subject:        "はじめてのブラウザからサインインがありました",
		Text: p.Name + " 様\n\n" +
			"いままで使ったことのないブラウザから、あなたの名前でサインインがありました。\n\n" +
			fmt.Sprintf("　　%d月%d日 %d時%02d分ごろ\n", at.Month(), at.Day(), at.Hour(), at.Minute()) +
			"　　" + a.Browser + "\n\n" +
			"ご本人なら、何もしなくて大丈夫です。\n" +
			"心当たりがないときは、次のページを開き、「ほかのサインインを、みな終える」を押してください。そして団体の代表に知らせてください。\n\n" +
			site + "/account\n",
	}
}

// tell sends the person a letter about a change of what has to be shown at the door.
func tell(ctx context.Context, tx *sqlx.Tx, p Person, what string, now time.Time) error {
	return mail.Enqueue(ctx, tx, mail.Message{
		OrganisationID: mail.Program,
		Kind:           "factor_changed",
		Key:            "factor_changed:" + newToken(),
		To:             p.Mail,
		Subject:        "サインインの設定が変わりました",
		Text: p.Name + " 様\n\n" + what + "\n\n" +
			"ご本人なら、何もしなくて大丈夫です。\n" +
			"心当たりがないときは、すぐに団体の代表に知らせてください。\n",
	}, now)
}
