package payments

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ReceiptJob is the kind of the job that makes the paper of a receipt.
const ReceiptJob = "receipt"

// tell writes the letters that a gift's new state calls for, and issues the receipt that was wished by mail.
func (t *Till) tell(ctx context.Context, tx *sqlx.Tx, s campaigns.Settled, state campaigns.CheckoutState) error {
	if s.NowPaid && s.Donation.ReceiptWanted == "mail" {
		receipt, err := campaigns.Issue(ctx, tx, s.Donation.OrganisationID, s.Donation.ID, ledger.BySystem("受領証の発行"), t.Now())
		if err != nil {
			return err
		}
		if err = t.Enqueue(ctx, tx, ReceiptJob, s.Donation.OrganisationID, receipt.ID); err != nil {
			return err
		}
	}
	if s.Donation.DonorID == 0 || (!s.NowPaid && !s.NowWaiting && !s.NowFailed) {
		return nil
	}
	donor, err := campaigns.FindDonor(ctx, tx, s.Donation.OrganisationID, s.Donation.DonorID)
	if err != nil || donor.Mail == "" {
		return err
	}
	if s.NowPaid {
		quiet, err := news.Quiet(ctx, tx, s.Donation.OrganisationID, donor.ID)
		if err != nil || quiet[news.Thanks] {
			return err
		}
	}
	letter, err := t.letter(ctx, tx, s, state, donor)
	if err != nil {
		return err
	}
	return mail.Enqueue(ctx, tx, letter, t.Now())
}

// tellLink sends the giver his private link, once for a gift. It is sent when a payment page was opened, which is limited: the link is known then and never again, as the
// database keeps only what it can be compared with.
func (t *Till) tellLink(ctx context.Context, tx *sqlx.Tx, o Opening) error {
	if o.Mail == "" {
		return nil
	}
	text := fmt.Sprintf("「%s」への寄付 %s円の申し込みを受け付けました。\n\n", o.Title, o.Donation.Amount) +
		"あなたの寄付のページは、ここです。お支払いのようす、領収書、お金の使われ方を、あとから見られます。\n" + t.GiftURL(o.Donation.OrganisationID, o.Token) + "\n\n" +
		"このリンクを知っている人は、だれでも見られます。ほかの人に送らないでください。\n" +
		fmt.Sprintf("カードかコンビニで払ったあと%d日のあいだは、このページから全額を返してもらえます。\n", takeBackDays) +
		"お支払いがまだのときは、何もしなければ、お金はかかりません。\n"
	return t.writeTo(ctx, tx, o.Donation, "donation-link", fmt.Sprintf("donation:%d:link", o.Donation.ID), "あなたの寄付のページ", text)
}

func (t *Till) letter(ctx context.Context, tx *sqlx.Tx, s campaigns.Settled, state campaigns.CheckoutState, donor campaigns.Donor) (mail.Message, error) {
	d := s.Donation
	o, err := ledger.FindOrganisation(ctx, tx, d.OrganisationID)
	if err != nil {
		return mail.Message{}, err
	}
	c, err := campaigns.Find(ctx, tx, d.OrganisationID, d.CampaignID)
	if err != nil {
		return mail.Message{}, err
	}
	plan, err := campaigns.FindPlan(ctx, tx, d.OrganisationID, d.CampaignID, d.PlanVersion)
	if err != nil {
		return mail.Message{}, err
	}
	m := mail.Message{OrganisationID: d.OrganisationID, To: donor.Mail, SenderName: o.Name, ReplyTo: o.Mail}
	var body strings.Builder
	if donor.Name != "" {
		fmt.Fprintf(&body, "%s 様\n\n", donor.Name)
	}
	page := t.Site + "/c/" + c.Slug
	switch {
	case s.NowPaid:
		m.Kind, m.Subject = "donation-thanks", "ご寄付が届きました"
		thanks(&body, d, plan, page)
	case s.NowWaiting:
		m.Kind, m.Subject = "donation-voucher", "コンビニでのお支払いの番号"
		voucher(&body, d, plan, state)
	default:
		m.Kind, m.Subject = "donation-ended", ended(&body, c, plan, page)
	}
	m.Key = fmt.Sprintf("donation:%d:%s", d.ID, m.Kind)
	body.WriteString(mail.Sign(o, t.Site))
	if s.NowPaid {
		m.StopURL = t.Links.Stop(o.ID, news.Reader{DonorID: donor.ID}, news.Thanks)
		fmt.Fprintf(&body, "\nお礼のメールをやめるとき：%s\n領収書のメールは、やめても届きます。\n", m.StopURL)
	}
	m.Text = body.String()
	return telling.In(d.Language, m), nil
}

func thanks(b *strings.Builder, d campaigns.Donation, plan campaigns.Plan, page string) {
	fmt.Fprintf(b, "「%s」に、%s円のご寄付が届きました。ありがとうございます。\n\n", plan.Title, d.Amount)
	b.WriteString("このお金の使いみちは、集める前に決めて公表したものです。\n")
	for _, u := range plan.Uses {
		fmt.Fprintf(b, "・%s %s円\n", u.Name, u.Amount)
	}
	fmt.Fprintf(b, "\nいま、いくら集まり、いくら使ったかは、いつでもここで見られます。\n%s\n\n", page)
	fmt.Fprintf(b, "何に使ったかの報告は、%d年%d月%d日までに出ます。\n", plan.ReportDueOn.Year(), plan.ReportDueOn.Month(), plan.ReportDueOn.Day())
}

func voucher(b *strings.Builder, d campaigns.Donation, plan campaigns.Plan, state campaigns.CheckoutState) {
	fmt.Fprintf(b, "「%s」への寄付 %s円は、まだお支払いがすんでいません。\n\n", plan.Title, d.Amount)
	fmt.Fprintf(b, "コンビニのレジで払うための番号は、ここにあります。\n%s\n\n", state.VoucherURL)
	if !state.VoucherEnd.IsZero() {
		last := ledger.DateOf(state.VoucherEnd.Add(-1))
		fmt.Fprintf(b, "%d年%d月%d日までに払ってください。\n", last.Year(), last.Month(), last.Day())
	}
	b.WriteString("払わないときは、何もしなくてかまいません。期限がすぎると、番号は使えなくなります。\n")
}

// ended writes that nothing was paid, because of time or because the campaign is over, and returns what the letter is about.
func ended(b *strings.Builder, c campaigns.Campaign, plan campaigns.Plan, page string) (subject string) {
	if c.Status == campaigns.Announced || c.Status == campaigns.Open {
		fmt.Fprintf(b, "「%s」への寄付は、お支払いの期限がすぎました。お金はいただいていません。\n\n", plan.Title)
		fmt.Fprintf(b, "あらためて寄付するときは、ここからできます。\n%s\n", page)
		return "お支払いの期限がすぎました"
	}
	fmt.Fprintf(b, "「%s」は、寄付の受け付けを終えました。払いかけのお支払いは、取り消しました。お金はいただいていません。\n\n", plan.Title)
	fmt.Fprintf(b, "これまでのことは、ここで読めます。\n%s\n", page)
	return "お支払いを取り消しました"
}
