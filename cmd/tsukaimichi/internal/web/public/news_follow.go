package public

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// FollowPage asks for an address, says that a letter was sent there, or asks whoever opened its link to press a button.
type FollowPage struct {
	page.Public
	Heading  string
	Lead     string
	Problems page.Problems
	Action   string // of the form; empty where there is none
	Mail     *page.Field
	Button   string
	Back     page.Link
}

// Template names the page.
func (FollowPage) Template() string { return "public/follow" }

// FollowForm answers GET /c/{slug}/follow: the form, or, once it was sent, what comes next.
func (p *Pages) FollowForm(w http.ResponseWriter, r *http.Request) error {
	c, plan, err := p.told(r)
	if err != nil {
		return err
	}
	if !news.Open(c) {
		return ledger.ErrNotFound
	}
	if r.URL.Query().Get("sent") != "" {
		shown := followPage(c, plan)
		shown.Heading, shown.Title, shown.Action = "メールを見てください", "メールを見てください", ""
		shown.Lead = "書いてくださったアドレスに、確かめるためのメールを送りました。24時間のうちに、メールの中のリンクを開いて、ボタンを押してください。\n届かないときは、アドレスのまちがいか、もう受け取っているアドレスかもしれません。迷惑メールの箱も見てください。"
		return p.Renderer.Render(w, http.StatusOK, shown)
	}
	return p.followForm(w, r, http.StatusOK, c, plan, nil)
}

func (p *Pages) followForm(w http.ResponseWriter, r *http.Request, status int, c campaigns.Campaign, plan campaigns.Plan, wrong map[string]string) error {
	shown, form := followPage(c, plan), page.NewForm(r.PostForm, wrong)
	field := form.Field(followField())
	shown.Mail, shown.Problems = &field, form.Problems()
	shown.NeedsFix = shown.Problems.Some()
	return p.Renderer.Render(w, status, shown)
}

func followPage(c campaigns.Campaign, plan campaigns.Plan) FollowPage {
	at := "/c/" + c.Slug
	return FollowPage{
		Public: page.Public{Title: "活動だよりをメールで受け取る", Crumbs: []page.Link{{Href: at, Text: plan.Title}}}, Heading: "活動だよりをメールで受け取る",
		Lead:   "「" + plan.Title + "」の、集めてから報告するまでのようすと、使いみちの報告を知らせます。アドレスは、ほかのことには使いません。",
		Action: at + "/follow", Button: "確かめるメールを送る", Back: page.Link{Href: at, Text: "募金のページにもどる"},
	}
}

// Follow answers POST /c/{slug}/follow. The answer is the same whether the address follows already or not.
func (p *Pages) Follow(w http.ResponseWriter, r *http.Request) error {
	c, plan, err := p.told(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	address, err := mail.ParseAddress(r.PostForm.Get("mail"))
	if err != nil {
		return p.followForm(w, r, http.StatusUnprocessableEntity, c, plan, map[string]string{"mail": locale.Japanese.T("news.mail_shape")})
	}
	err = p.Tell.Follow(r.Context(), c, address)
	if errors.Is(err, news.ErrOver) {
		return ledger.ErrNotFound
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/c/"+c.Slug+"/follow?sent=1", http.StatusSeeOther)
	return nil
}

// ConfirmFollow answers GET /follow/{org}/{token}: the link of the letter. Opening it changes nothing.
func (p *Pages) ConfirmFollow(w http.ResponseWriter, r *http.Request) error {
	organisationID, err := strconv.ParseInt(r.PathValue("org"), 10, 64)
	if err != nil {
		return ledger.ErrNotFound
	}
	f, err := news.FindPending(r.Context(), p.DB, organisationID, r.PathValue("token"), p.Now())
	if err != nil {
		return err
	}
	c, err := campaigns.Find(r.Context(), p.DB, organisationID, f.CampaignID)
	if err != nil {
		return err
	}
	plan, err := campaigns.FindPlan(r.Context(), p.DB, organisationID, c.ID, c.Version)
	if err != nil {
		return err
	}
	shown := followPage(c, plan)
	shown.Private, shown.Action, shown.Button = true, r.URL.EscapedPath(), "このアドレスで受け取る"
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// StartFollow answers POST /follow/{org}/{token}: the letters begin. It leads to the page where they can be stopped.
func (p *Pages) StartFollow(w http.ResponseWriter, r *http.Request) error {
	organisationID, err := strconv.ParseInt(r.PathValue("org"), 10, 64)
	if err != nil {
		return ledger.ErrNotFound
	}
	var f news.Follower
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) (err error) {
		f, err = news.Confirm(r.Context(), tx, organisationID, r.PathValue("token"), p.Now())
		return err
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, p.Tell.Path(organisationID, news.Reader{FollowerID: f.ID}), http.StatusSeeOther)
	return nil
}
