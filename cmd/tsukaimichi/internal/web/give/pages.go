package give

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	words "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Pages are what a giver meets, with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Files    *files.Store
	Till     *payments.Till
	Now      func() time.Time
	Secret   []byte            // makes the secrets of private links from the keys of forms
	LogKey   ed25519.PublicKey // checks the signatures of every log here
	// Language is what the reader of a request has chosen to read.
	Language func(r *http.Request) campaigns.Language
}

// called is a campaign a gift can go to.
type called struct {
	organisation ledger.Organisation
	campaign     campaigns.Campaign
	plan         campaigns.Plan
	terms        campaigns.Terms
	online       bool
	ways         []campaigns.Way // that need no payment service
	changing     page.Notice     // givers are asked about a change
}

// Form answers GET /c/{slug}/give.
func (p *Pages) Form(w http.ResponseWriter, r *http.Request) error {
	c, err := p.call(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	if err = p.collects(r.Context(), c); err != nil {
		return err
	}
	return p.Renderer.Render(w, http.StatusOK, NewFormPage(promise(c), newKey(), nil, nil))
}

// Give answers POST /c/{slug}/give: it enters the gift and leads on to the payment page. The same form sent twice leads to the same page.
func (p *Pages) Give(w http.ResponseWriter, r *http.Request) error {
	c, err := p.call(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	if err = p.collects(r.Context(), c); err != nil { // before what is wrong with the fields
		return err
	}
	gift, bad := p.read(r.PostForm, c)
	gift.Language = p.Language(r)
	var donation campaigns.Donation
	err = bad.Err()
	if err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			donation, err = campaigns.Give(r.Context(), tx, gift, p.Now())
			return err
		})
	}
	var invalid ledger.Invalid
	if errors.As(err, &invalid) {
		return p.again(w, r, c, invalid)
	}
	if err != nil {
		return err
	}
	if donation.Status == campaigns.Paid {
		http.Redirect(w, r, p.Till.GiftURL(donation.OrganisationID, gift.Token), http.StatusSeeOther)
		return nil
	}
	to, err := p.Till.Open(r.Context(), payments.Opening{
		Donation: donation, Title: c.plan.Title, Slug: c.campaign.Slug, Mail: gift.Donor.Mail, Token: gift.Token, Address: r.RemoteAddr,
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// collects is campaigns.ErrClosed on a day the campaign takes no gifts.
func (p *Pages) collects(ctx context.Context, c called) error {
	fund, err := ledger.FindFund(ctx, p.DB, c.campaign.OrganisationID, c.campaign.FundID)
	if err == nil && !campaigns.Collects(fund, ledger.DateOf(p.Now())) {
		err = campaigns.ErrClosed
	}
	return err
}

// again shows the form as it was filled in, with what has to be put right.
func (p *Pages) again(w http.ResponseWriter, r *http.Request, c called, invalid ledger.Invalid) error {
	wrong := map[string]string{}
	for field, key := range invalid {
		if field == "key" {
			field = ""
		}
		wrong[field] = locale.Japanese.T(key, "least", page.YenText(campaigns.OnlineMinimum), "most", page.YenText(campaigns.OnlineMaximum))
	}
	key := r.PostForm.Get("key")
	if len(key) < 20 || len(key) > 100 {
		key = newKey()
	}
	return p.Renderer.Render(w, http.StatusUnprocessableEntity, NewFormPage(promise(c), key, r.PostForm, wrong))
}

func (p *Pages) call(ctx context.Context, slug string) (called, error) {
	var c called
	var err error
	if c.campaign, err = campaigns.FindPublic(ctx, p.DB, slug); err != nil {
		return c, err
	}
	if c.organisation, err = ledger.FindOrganisation(ctx, p.DB, c.campaign.OrganisationID); err != nil {
		return c, err
	}
	if c.plan, err = campaigns.FindPlan(ctx, p.DB, c.campaign.OrganisationID, c.campaign.ID, c.campaign.Version); err != nil {
		return c, err
	}
	if c.terms, err = campaigns.CurrentTerms(ctx, p.DB); err != nil {
		return c, err
	}
	if c.changing, err = p.changing(ctx, c.campaign); err != nil {
		return c, err
	}
	if c.ways, err = campaigns.Ways(ctx, p.DB, c.organisation, c.campaign.ID); err != nil {
		return c, err
	}
	c.online, err = p.Till.Online(ctx, c.campaign.OrganisationID)
	return c, err
}

// read takes the form. What cannot be read at all is said here; what is not allowed the domain says.
func (p *Pages) read(form url.Values, c called) (campaigns.Gift, ledger.Invalid) {
	bad := ledger.Invalid{}
	text := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	g := campaigns.Gift{
		OrganisationID: c.campaign.OrganisationID, CampaignID: c.campaign.ID, Channel: campaigns.Channel(text("channel")),
		Donor: campaigns.Donor{
			Name: text("name"), Kana: text("kana"), Mail: text("mail"), PostalCode: text("postal_code"), Address: text("address"),
		},
		Display: campaigns.Display(text("display")), Message: text("message"), ReceiptWanted: text("receipt"), Key: text("key"),
	}
	var err error
	if g.Amount, err = ledger.ParseYen(form.Get("amount")); err != nil {
		key := "donate.amount_shape"
		if text("amount") == "" {
			key = "donate.amount_missing"
		}
		bad["amount"] = key
	}
	if g.Donor.Mail != "" {
		address, err := mail.ParseAddress(g.Donor.Mail)
		bad.Need(err == nil, "mail", "donate.mail_shape")
		if err == nil {
			g.Donor.Mail = address
		}
	}
	if use := text("use"); use != "" {
		bad.Need(c.hasUse(use), "use", "donate.use_unknown")
		g.UseID, _ = strconv.ParseInt(use, 10, 64)
	}
	bad.Need(g.Display == "" || g.Display == campaigns.Anonymous || g.Display == campaigns.Initials || g.Display == campaigns.FullName, "display", "donate.display_unknown")
	bad.Need(g.ReceiptWanted == "" || g.ReceiptWanted == "none" || g.ReceiptWanted == "mail" || g.ReceiptWanted == "paper", "receipt", "donate.receipt_unknown")
	bad.Need(len(g.Key) >= 20 && len(g.Key) <= 100, "key", "form.expired")
	if form.Get("terms") != "" {
		g.TermsVersion = c.terms.Version
	}
	g.Token = p.token(c.campaign.OrganisationID, g.Key)
	return g, bad
}

func (c called) hasUse(id string) bool {
	for _, u := range c.plan.Uses {
		if strconv.FormatInt(u.UseID, 10) == id {
			return true
		}
	}
	return false
}

// token makes the secret of the private link from the key of the form, so that the same form always has the same link and
// the database keeps neither.
func (p *Pages) token(organisationID int64, key string) string {
	mac := hmac.New(sha256.New, p.Secret)
	mac.Write([]byte("gift " + strconv.FormatInt(organisationID, 10) + " " + key))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func newKey() string { return rand.Text() }

// promise is what the form shows of a campaign.
func promise(c called) Promise {
	o, plan := c.organisation, c.plan
	at := "/c/" + c.campaign.Slug
	p := Promise{
		Campaign: page.Link{Href: at, Text: plan.Title}, Organisation: o.Name, Action: at + "/give", Edition: plan.EditionName(), VersionOn: plan.PublishedOn(),
		Total: plan.Total(), IfTooLittle: plan.IfTooLittle, IfTooMuch: plan.IfTooMuch, IfStopped: plan.IfStopped, ReportDueOn: plan.ReportDueOn,
		UseMay: true, Receipt: "いまは税金の控除には使えません。", Terms: c.terms.Text, LawHref: "/o/" + o.Slug + "/law", Tel: o.Phone, Hours: o.PhoneHours,
		Least: campaigns.OnlineMinimum, Most: campaigns.OnlineMaximum, Konbini: campaigns.KonbiniMaximum,
	}
	if o.Certified(p.VersionOn) {
		p.Receipt = "認定NPO法人の領収書です。税金の控除に使えます。"
	}
	for _, u := range plan.Uses {
		p.Uses = append(p.Uses, PromiseUse{ID: strconv.FormatInt(u.UseID, 10), Name: u.Name, Amount: u.Amount})
		if plan.CostsBorneBy == campaigns.CostsUse && u.BearsCosts {
			p.CostsBorneBy = u.Name
		}
	}
	p.Changing = c.changing
	if c.online && !plan.OnPaper() {
		p.Online = []campaigns.Channel{campaigns.Card, campaigns.Konbini}
	}
	p.OtherWays = words.Ways(c.ways)
	return p
}
