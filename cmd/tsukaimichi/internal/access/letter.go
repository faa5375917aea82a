package access

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// tellRepresentatives writes that an operator asks to read.
func tellRepresentatives(ctx context.Context, tx *sqlx.Tx, g Grant, site string, at time.Time) error {
	o, err := ledger.FindOrganisation(ctx, tx, g.OrganisationID)
	if err != nil {
		return err
	}
	var body strings.Builder
	fmt.Fprintf(&body, "使い道の運営をしている %s さんが、「%s」の帳簿を読ませてほしいと言っています。\n\n", g.Name, o.Name)
	fmt.Fprintf(&body, "わけ:\n%s\n\n", g.Purpose)
	body.WriteString("認めるまで、運営には何も見えません。認めても、読むことしかできません。お金は動かせません。\n")
	fmt.Fprintf(&body, "見たページは、みな記録に残ります。長くて%d日です。いつでも終わらせられます。\n\n", MostDays)
	fmt.Fprintf(&body, "認めるか、断るかは、ここで決めてください。\n%s/desk/%s/access/grants\n", site, o.Slug)
	return toRepresentatives(ctx, tx, o, mail.Message{Kind: "access-asked", Key: fmt.Sprintf("access:%d:asked", g.ID),
		Subject: "運営が帳簿を読みたいと言っています", Text: body.String()}, at)
}

// toRepresentatives writes the same letter to every representative of today.
func toRepresentatives(ctx context.Context, tx *sqlx.Tx, o ledger.Organisation, letter mail.Message, at time.Time) error {
	members, err := ledger.Members(ctx, tx, o.ID, ledger.DateOf(at))
	if err != nil {
		return err
	}
	key := letter.Key
	for _, m := range members {
		if m.Role != ledger.Representative {
			continue
		}
		letter.OrganisationID, letter.To, letter.Key = o.ID, m.Mail, fmt.Sprintf("%s:%d", key, m.PersonID)
		if err = mail.Enqueue(ctx, tx, letter, at); err != nil {
			return err
		}
	}
	return nil
}

// tellOperator writes to the operator how his grant stands now. The letter is the program's own: the organisation's outbox is not where its
// operator reads.
func tellOperator(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, at time.Time) error {
	g, err := Find(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	var address string
	if err = tx.GetContext(ctx, &address, `SELECT mail FROM person WHERE id = $1`, g.PersonID); err != nil {
		return fmt.Errorf("person %d: %w", g.PersonID, err)
	}
	subject, text, step := "読むことが認められました", "「%s」が、帳簿を読むことを認めました。%sまでです。読むことしかできません。見たページは、みな記録に残ります。\n", "granted"
	switch {
	case !g.EndedAt.IsZero():
		subject, text, step = "読むことが終わりました", "「%s」が、帳簿を読むことを終わらせました。もう読めません。\n", "ended"
	case g.Status == Refused:
		subject, text, step = "読むことは認められませんでした", "「%s」は、帳簿を読むことを認めませんでした。\n", "refused"
	}
	if step == "granted" {
		text = fmt.Sprintf(text, o.Name, japanese(g.UntilOn))
	} else {
		text = fmt.Sprintf(text, o.Name)
	}
	return mail.Enqueue(ctx, tx, mail.Message{OrganisationID: mail.Program, Kind: "access-" + step, Key: fmt.Sprintf("access:%d:%d:%s", organisationID, id, step),
		To: address, Subject: subject, Text: text}, at)
}

// japanese writes 2026年12月20日.
func japanese(d ledger.Date) string {
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}
