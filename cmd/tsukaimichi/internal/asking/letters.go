package asking

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// lettersAtOnce is how many letters are written in one database transaction.
const lettersAtOnce = 200

// tell writes to everybody who is asked and has a mail address. Who has his letter gets no other.
func (d *Desk) tell(ctx context.Context, change campaigns.Change) error {
	asks, err := d.untold(ctx, change)
	if err != nil || len(asks) == 0 {
		return err
	}
	o, err := ledger.FindOrganisation(ctx, d.DB, change.OrganisationID)
	if err != nil {
		return err
	}
	c, err := campaigns.Find(ctx, d.DB, change.OrganisationID, change.CampaignID)
	if err != nil {
		return err
	}
	plan, err := campaigns.FindPlan(ctx, d.DB, change.OrganisationID, change.CampaignID, change.Version)
	if err != nil {
		return err
	}
	for len(asks) > 0 {
		n := min(len(asks), lettersAtOnce)
		err = ledger.InTx(ctx, d.DB, func(tx *sqlx.Tx) error {
			for _, ask := range asks[:n] {
				if err := mail.Enqueue(ctx, tx, d.letter(o, c, plan, change, ask), d.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		asks = asks[n:]
	}
	return nil
}

// untold are the questions to people with a mail address who have no letter yet.
func (d *Desk) untold(ctx context.Context, change campaigns.Change) ([]campaigns.Asked, error) {
	var keys []string
	err := d.DB.SelectContext(ctx, &keys, `
		SELECT key
		  FROM mail
		 WHERE organisation_id = $1 AND kind = 'change-ask' AND key LIKE 'change:' || $2 || ':%'`, change.OrganisationID, fmt.Sprint(change.ID))
	if err != nil {
		return nil, fmt.Errorf("letters of change %d: %w", change.ID, err)
	}
	told := map[string]bool{}
	for _, key := range keys {
		told[key] = true
	}
	all, err := campaigns.Asks(ctx, d.DB, change.OrganisationID, change.ID)
	if err != nil {
		return nil, err
	}
	var asks []campaigns.Asked
	for _, ask := range all {
		if ask.Mail != "" && !told[letterKey(ask.Ask)] {
			asks = append(asks, ask)
		}
	}
	return asks, nil
}

func letterKey(a campaigns.Ask) string { return fmt.Sprintf("change:%d:%d", a.ChangeID, a.ID) }

func (d *Desk) letter(o ledger.Organisation, c campaigns.Campaign, plan campaigns.Plan, change campaigns.Change, ask campaigns.Asked) mail.Message {
	var b strings.Builder
	if ask.Name != "" {
		fmt.Fprintf(&b, "%s 様\n\n", ask.Name)
	}
	subject := "使いみちの変更について、おたずねします"
	if change.Kind == campaigns.ChangeStop {
		subject = "中止した募金の、残りのお金について、おたずねします"
		fmt.Fprintf(&b, "「%s」は、とちゅうでやめることになりました。おわびします。\n\n", plan.Title)
		fmt.Fprintf(&b, "「中止したとき」の約束は、こうでした。\n%s\n\n", plan.IfStopped)
	} else {
		fmt.Fprintf(&b, "ご寄付いただいた「%s」の使いみちを、大きく変えたいと考えています。\n\n", plan.Title)
		fmt.Fprintf(&b, "変える理由：\n%s\n\n何がどう変わるかは、ここで読めます。\n%s/c/%s/plan/%d\n\n", change.Reason, d.Site, c.Slug, change.Version)
	}
	fmt.Fprintf(&b, "あなたのご寄付のうち、まだ使っていない分は %s円 です。\nこの分をどうするかを、次のページで選べます。登録はいりません。\n%s%s\n\n", ask.Amount, d.Site, Path(Secret(d.Key, o.ID), ask.Ask))
	fmt.Fprintf(&b, "%d年%d月%d日まで、何度でも選び直せます。\n%s\n", change.DecidesOn.Year(), change.DecidesOn.Month(), change.DecidesOn.Day(), Silence(change))
	b.WriteString("電話や紙で答えることもできます。\n")
	b.WriteString(mail.Sign(o, d.Site))
	return telling.In(ask.Language, mail.Message{
		OrganisationID: o.ID, Kind: "change-ask", Key: letterKey(ask.Ask), To: ask.Mail, SenderName: o.Name, ReplyTo: o.Mail, Subject: subject, Text: b.String(),
	})
}

// tellEnd writes to everybody who was asked how the change ended: what it was decided, or that it was withdrawn. Who has that letter gets no other.
func (d *Desk) tellEnd(ctx context.Context, tx *sqlx.Tx, changeID, organisationID int64) error {
	change, err := campaigns.FindChange(ctx, tx, organisationID, changeID)
	if err != nil || change.Status == campaigns.Asking {
		return err
	}
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	plan, err := campaigns.FindPlan(ctx, tx, organisationID, change.CampaignID, change.Version)
	if err != nil {
		return err
	}
	asks, err := campaigns.Asks(ctx, tx, organisationID, changeID)
	if err != nil {
		return err
	}
	for _, ask := range asks {
		if ask.Mail == "" {
			continue
		}
		if err = mail.Enqueue(ctx, tx, d.endLetter(o, plan, change, ask), d.Now()); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) endLetter(o ledger.Organisation, plan campaigns.Plan, change campaigns.Change, ask campaigns.Asked) mail.Message {
	var b strings.Builder
	if ask.Name != "" {
		fmt.Fprintf(&b, "%s 様\n\n", ask.Name)
	}
	subject := "使いみちの変更が決まりました"
	switch {
	case change.Status == campaigns.Withdrawn:
		subject = "使いみちの変更を取り下げました"
		fmt.Fprintf(&b, "「%s」の使いみちの変更を、取り下げました。前の約束を、そのままつづけます。\n", plan.Title)
	case change.Kind == campaigns.ChangeStop:
		subject = "中止した募金の、残りのお金のことが決まりました"
		fmt.Fprintf(&b, "「%s」の残りのお金を、約束のとおりにします。\n", plan.Title)
	default:
		fmt.Fprintf(&b, "「%s」の使いみちが、新しい約束になりました。\n", plan.Title)
	}
	if change.Status == campaigns.InForce {
		fmt.Fprintf(&b, "あなたの分 %s円は、%s\n", ask.Amount, outcome(change, ask.Ask))
	}
	fmt.Fprintf(&b, "\nくわしくは、ここで見られます。\n%s%s\n%s", d.Site, Path(Secret(d.Key, o.ID), ask.Ask), mail.Sign(o, d.Site))
	return telling.In(ask.Language, mail.Message{
		OrganisationID: o.ID, Kind: "change-end", Key: letterKey(ask.Ask) + ":end", To: ask.Mail, SenderName: o.Name, ReplyTo: o.Mail, Subject: subject, Text: b.String(),
	})
}

// outcome says what becomes of a share.
func outcome(change campaigns.Change, a campaigns.Ask) string {
	switch {
	case a.Choice == campaigns.ChooseReturn:
		return "お返しします。お返しの手つづきのときに、また知らせます。"
	case a.Choice == campaigns.ChooseMove && a.ToUseID == 0:
		return "団体の活動ぜんたいに使います。"
	case a.Choice == campaigns.ChooseMove:
		return "選んでいただいた使いみちに使います。"
	case change.Kind == campaigns.ChangeStop:
		return "約束したところへまわします。"
	}
	return "新しい約束のとおりに使います。"
}

// Silence says what no answer means.
func Silence(change campaigns.Change) string {
	switch {
	case change.Kind == campaigns.ChangeVersion:
		return "答えがないときは、新しい使いみちに使います。"
	case change.Rest == campaigns.RestReturn:
		return "答えがないときは、お返しします。"
	}
	return "答えがないときは、約束したところへまわします。"
}
