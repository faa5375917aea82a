package payments

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// tellRefund writes to the giver that his gift goes back to him, and how.
func (t *Till) tellRefund(ctx context.Context, tx *sqlx.Tx, u unsent) error {
	var body strings.Builder
	fmt.Fprintf(&body, "ご寄付 %s円のうち、%s円をお返しします。\n\n", u.gift.Amount, u.Amount)
	if u.gift.Amount == u.Amount {
		body.Reset()
		fmt.Fprintf(&body, "ご寄付 %s円を、全額お返しします。\n\n", u.Amount)
	}
	if u.gift.Channel == campaigns.Konbini {
		body.WriteString("コンビニでのお支払いは、お店ではお返しできません。\n決済会社（Stripe）から、お返しする口座をたずねるメールが別に届きます。45日以内に答えてください。\n")
	} else {
		body.WriteString("お支払いになったカードにもどります。カード会社の明細に出るまで、10日ほどかかることがあります。\n")
	}
	body.WriteString("\n領収書（寄附金受領証）をお出ししていたときは、取り消しました。税金の手続きには使えません。\n")
	if u.gift.Amount > u.gift.Refunded {
		body.WriteString("残った金額の領収書は、新しくお出しします。\n")
	}
	return t.writeTo(ctx, tx, u.gift, "donation-refund", fmt.Sprintf("refund:%d", u.ID), "ご寄付をお返しします", body.String())
}

// refundBooked writes the same of a refund that is booked: its answer may never have come, or it was made at Stripe's own pages. A giver is told once.
func (t *Till) refundBooked(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation, ref string) error {
	all, err := campaigns.Refunds(ctx, tx, d.OrganisationID, d.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Ref == ref {
			return errors.Join(t.tellRefund(ctx, tx, unsent{Refund: r, gift: d}), t.solve(ctx, tx, d.OrganisationID, NotRefunded, fmt.Sprint(r.ID)))
		}
	}
	return nil
}

// tellCameBack writes to the giver that a refund did not reach him.
func (t *Till) tellCameBack(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation, m campaigns.Movement) error {
	text := fmt.Sprintf("ご寄付 %s円をお返しする手つづきをしましたが、お届けできず、お金が団体にもどりました。\n\nお返しのしかたを、団体とご相談ください。このメールに返信できます。\n", m.Gross)
	return t.writeTo(ctx, tx, d, "donation-refund-failed", "refund-failed:"+m.Ref, "ご寄付をお返しできませんでした", text)
}

// writeTo puts a letter to the giver of a gift into the outbox, if he left an address.
func (t *Till) writeTo(ctx context.Context, tx *sqlx.Tx, d campaigns.Donation, kind, key, subject, text string) error {
	donor, err := t.donor(ctx, tx, d)
	if err != nil || donor.Mail == "" {
		return err
	}
	o, err := ledger.FindOrganisation(ctx, tx, d.OrganisationID)
	if err != nil {
		return err
	}
	var body strings.Builder
	if donor.Name != "" {
		fmt.Fprintf(&body, "%s 様\n\n", donor.Name)
	}
	body.WriteString(text + mail.Sign(o, t.Site))
	return mail.Enqueue(ctx, tx, telling.In(d.Language, mail.Message{
		OrganisationID: d.OrganisationID, Kind: kind, Key: key, To: donor.Mail, SenderName: o.Name, ReplyTo: o.Mail, Subject: subject, Text: body.String(),
	}), t.Now())
}
