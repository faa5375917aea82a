package give

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// opened is a gift found by its private link.
type opened struct {
	called
	donation campaigns.Donation
	attempt  campaigns.Attempt
	donor    campaigns.Donor
	path     string
}

// Thanks answers GET /g/{org}/{token}: where the payment page leads back to. It tells the truth of our own book and proves
// nothing by being opened.
func (p *Pages) Thanks(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	given := o.given()
	if given.TakeBackUntil = p.Till.TakeBackUntil(o.donation); !given.TakeBackUntil.IsZero() {
		disputed, err := p.Till.InDispute(r.Context(), o.donation.OrganisationID, o.donation.ID)
		if err != nil {
			return err
		}
		if disputed {
			given.TakeBackUntil = ledger.Date{}
		}
	}
	if o.donation.Refunded == o.donation.Amount {
		given.State = StateReturned
	}
	return p.Renderer.Render(w, http.StatusOK, NewThanksPage(given))
}

// Gift answers GET /g/{org}/{token}/gift: the giver's own page.
func (p *Pages) Gift(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	kept, err := p.kept(r.Context(), o)
	if err != nil {
		return err
	}
	return p.Renderer.Render(w, http.StatusOK, NewGiftPage(kept, nil, nil))
}

// Show answers POST /g/{org}/{token}/gift: how the giver is shown to the public.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return campaigns.SetDisplay(r.Context(), tx, o.donation.OrganisationID, o.donation.ID, campaigns.Display(r.PostForm.Get("display")))
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, o.path+"/gift", http.StatusSeeOther)
	return nil
}

// Again answers POST /g/{org}/{token}/again: the open payment page of a pending gift, or a new one.
func (p *Pages) Again(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	if o.donation.Status == campaigns.Paid {
		http.Redirect(w, r, o.path, http.StatusSeeOther)
		return nil
	}
	if o.campaign.Status == campaigns.Stopped {
		return campaigns.ErrClosed
	}
	to, err := p.Till.Open(r.Context(), payments.Opening{
		Donation: o.donation, Title: o.plan.Title, Slug: o.campaign.Slug, Mail: o.donor.Mail, Token: r.PathValue("token"), Address: r.RemoteAddr,
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// Receipt answers GET /g/{org}/{token}/receipt.pdf: the receipt in force.
func (p *Pages) Receipt(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	ids, err := campaigns.ReceiptsOfGift(r.Context(), p.DB, o.donation.OrganisationID, o.donation.ID)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return ledger.ErrNotFound
	}
	receipt, err := campaigns.FindReceipt(r.Context(), p.DB, o.donation.OrganisationID, ids[0])
	if err != nil {
		return err
	}
	if receipt.FileHash == nil || receipt.VoidedWhy != "" {
		return ledger.ErrNotFound
	}
	var hash files.Hash
	copy(hash[:], receipt.FileHash)
	bytes, err := p.Files.Read(r.Context(), o.donation.OrganisationID, files.KindReceipt, hash)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="receipt-`+receipt.Label()+`.pdf"`)
	h.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(bytes) // an error says that the reader left
	return nil
}

func (p *Pages) open(r *http.Request) (opened, error) {
	organisationID, err := strconv.ParseInt(r.PathValue("org"), 10, 64)
	if err != nil {
		return opened{}, ledger.ErrNotFound
	}
	var o opened
	ctx := r.Context()
	if o.donation, err = campaigns.FindDonationByToken(ctx, p.DB, organisationID, r.PathValue("token")); err != nil {
		return o, err
	}
	o.path = "/g/" + r.PathValue("org") + "/" + url.PathEscape(r.PathValue("token"))
	if o.attempt, err = campaigns.LastAttempt(ctx, p.DB, organisationID, o.donation.ID); err != nil && !errors.Is(err, campaigns.ErrNotFound) {
		return o, err
	}
	if o.organisation, err = ledger.FindOrganisation(ctx, p.DB, organisationID); err != nil {
		return o, err
	}
	if o.donation.DonorID > 0 {
		if o.donor, err = campaigns.FindDonor(ctx, p.DB, organisationID, o.donation.DonorID); err != nil {
			return o, err
		}
	}
	if o.donation.CampaignID == 0 {
		return o, nil
	}
	if o.campaign, err = campaigns.Find(ctx, p.DB, organisationID, o.donation.CampaignID); err != nil {
		return o, err
	}
	o.plan, err = campaigns.FindPlan(ctx, p.DB, organisationID, o.donation.CampaignID, o.donation.PlanVersion)
	return o, err
}

func (o opened) given() Given {
	d := o.donation
	g := Given{
		State: StateOf(d.Status, o.attempt.Status), Organisation: o.organisation.Name, Amount: d.Amount, Channel: d.Channel, EnteredAt: d.EnteredAt, PaidOn: d.PaidOn,
		VoucherURL: o.attempt.VoucherURL, VoucherUntil: o.attempt.VoucherUntil, ReportDueOn: o.plan.ReportDueOn, Receipt: d.ReceiptWanted != "none", Mail: o.donor.Mail != "",
		Tel: o.organisation.Phone, Hours: o.organisation.PhoneHours, MisuseHref: "/o/" + o.organisation.Slug + page.MisusePath, GiftHref: o.path + "/gift", ReloadHref: o.path,
	}
	if d.CampaignID > 0 {
		g.Campaign = page.Link{Href: "/c/" + o.campaign.Slug, Text: o.plan.Title}
		if o.campaign.Status == campaigns.Announced || o.campaign.Status == campaigns.Open {
			g.AgainHref = g.Campaign.Href + "/give"
		}
	}
	if d.Channel.Online() && d.Status == campaigns.Pending && o.campaign.Status != campaigns.Stopped {
		g.ResumeAction = o.path + "/again"
	}
	return g
}

func (p *Pages) kept(ctx context.Context, o opened) (Kept, error) {
	d := o.donation
	k := Kept{Given: o.given(), Display: d.Display, DisplayName: d.DisplayName, Refunded: d.Refunded, Action: o.path + "/gift", Nameless: o.donor.Name == "", NoPaper: "領収書は、まだ出していません。",
		BackUntil: p.Till.TakeBackUntil(d), BackAction: o.path + "/back"}
	if d.Status == campaigns.Paid {
		k.Record = o.path + "/record"
	}
	if d.Refunded == d.Amount {
		k.NoPaper = "寄付をお返ししたので、領収書はありません。"
	}
	var err error
	k.Letters = p.lettersHref(o)
	if k.Erase, err = p.erasing(ctx, o); err != nil {
		return k, err
	}
	if k.Disputed, err = p.Till.InDispute(ctx, d.OrganisationID, d.ID); err != nil {
		return k, err
	}
	if k.Disputed {
		k.BackUntil = ledger.Date{}
	}
	ids, err := campaigns.ReceiptsOfGift(ctx, p.DB, d.OrganisationID, d.ID)
	if err != nil {
		return k, err
	}
	if len(ids) > 0 {
		receipt, err := campaigns.FindReceipt(ctx, p.DB, d.OrganisationID, ids[0])
		if err != nil {
			return k, err
		}
		if receipt.FileHash != nil && receipt.VoidedWhy == "" {
			k.Receipts = []page.Document{{Link: page.Link{Href: o.path + "/receipt.pdf", Text: "領収書（第" + receipt.Label() + "号）"}, Note: page.DayOnly(receipt.IssuedOn)}}
			k.NoPaper = ""
		}
	}
	if d.CampaignID == 0 {
		return k, nil
	}
	if k.Change, err = p.questionOf(ctx, d); err != nil {
		return k, err
	}
	progress, err := campaigns.FindProgress(ctx, p.DB, o.campaign, o.plan)
	if err != nil {
		return k, err
	}
	progress = progress.Told()
	past, err := p.pastYear(ctx, o.campaign, d)
	if err != nil {
		return k, err
	}
	if past.IsZero() {
		if _, _, k.Trace, err = p.follow(ctx, o.organisation, o.campaign, d); err != nil {
			return k, err
		}
	}
	k.Total = page.Bar{Name: "ぜんぶの使いみち", Total: true, Promised: progress.Promised, Received: progress.Carried + progress.Received, Spent: progress.Spent, Left: progress.Left}
	for i, u := range progress.Uses {
		k.Uses = append(k.Uses, page.Bar{Number: strconv.Itoa(i + 1), Name: u.Name, Promised: u.Amount, Received: u.Received, Spent: u.Spent, Left: u.Left})
	}
	if k.News, err = p.newsOf(ctx, o); err != nil {
		return k, err
	}
	numbers, err := reports.OfCampaign(ctx, p.DB, o.campaign)
	if len(numbers) > 0 {
		k.Report = page.Link{Href: "/r/" + numbers[0], Text: "使いみちの報告を読む"}
	}
	return k, err
}
