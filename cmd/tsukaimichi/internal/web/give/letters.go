package give

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// LettersPage is where a reader chooses which letters he gets, by the link that stands in each of them.
type LettersPage struct {
	page.Public
	Heading string
	Lead    string
	Done    page.Notice
	Kinds   page.Choices // of a giver
	Action  string       // empty where nothing can be chosen any more
	Button  string
	StopNow string // the words on the button for the kind of the letter; empty where it is stopped already
	Kind    string
	Note    string
}

// Template names the page.
func (LettersPage) Template() string { return "give/letters" }

// lettersOf is whose letters a link is about, with his group.
type lettersOf struct {
	organisation ledger.Organisation
	reader       news.Reader
	follower     news.Follower // of a follower
	title        string        // of the campaign he follows
	quiet        map[news.Kind]bool
}

func (p *Pages) links() telling.Links { return telling.Links{Site: p.Till.Site, Key: p.Secret} }

// Letters answers GET /letters/{org}/{who}/{token}: what he gets, and a button. Opening it changes nothing.
func (p *Pages) Letters(w http.ResponseWriter, r *http.Request) error {
	l, err := p.lettersOf(r)
	if err != nil {
		return err
	}
	return p.Renderer.Render(w, http.StatusOK, newLettersPage(l, r.URL.EscapedPath(), r.URL.Query().Get("kind"), r.URL.Query().Get("done") != ""))
}

// ChooseLetters answers POST /letters/{org}/{who}/{token}: with a kind in the address it stops that kind (RFC 8058 asks for no more than the
// press); else it keeps what was ticked.
func (p *Pages) ChooseLetters(w http.ResponseWriter, r *http.Request) error {
	l, err := p.lettersOf(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	kind := news.Kind(r.URL.Query().Get("kind"))
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		switch {
		case l.reader.FollowerID > 0:
			return news.Unfollow(r.Context(), tx, l.organisation.ID, l.reader.FollowerID, p.Now())
		case kind != "":
			return news.Stop(r.Context(), tx, l.organisation.ID, l.reader.DonorID, kind, p.Now())
		}
		return p.chosen(r, tx, l)
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, r.URL.EscapedPath()+"?done=1", http.StatusSeeOther)
	return nil
}

// chosen keeps the ticks of a giver's form: what is not ticked is stopped.
func (p *Pages) chosen(r *http.Request, tx *sqlx.Tx, l lettersOf) error {
	for _, kind := range news.Kinds() {
		var err error
		if slices.Contains(r.PostForm["kinds"], string(kind)) {
			err = news.Want(r.Context(), tx, l.organisation.ID, l.reader.DonorID, kind)
		} else {
			err = news.Stop(r.Context(), tx, l.organisation.ID, l.reader.DonorID, kind, p.Now())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Pages) lettersOf(r *http.Request) (lettersOf, error) {
	var l lettersOf
	organisationID, err := strconv.ParseInt(r.PathValue("org"), 10, 64)
	if err != nil {
		return l, ledger.ErrNotFound
	}
	if l.reader, err = p.links().Read(organisationID, r.PathValue("who"), r.PathValue("token")); err != nil {
		return l, ledger.ErrNotFound
	}
	if l.organisation, err = ledger.FindOrganisation(r.Context(), p.DB, organisationID); err != nil {
		return l, err
	}
	if l.reader.FollowerID == 0 {
		l.quiet, err = news.Quiet(r.Context(), p.DB, organisationID, l.reader.DonorID)
		return l, err
	}
	if l.follower, err = news.FindFollower(r.Context(), p.DB, organisationID, l.reader.FollowerID); err != nil {
		return l, err
	}
	c, err := campaigns.Find(r.Context(), p.DB, organisationID, l.follower.CampaignID)
	if err != nil {
		return l, err
	}
	plan, err := campaigns.FindPlan(r.Context(), p.DB, organisationID, c.ID, c.Version)
	l.title = plan.Title
	return l, err
}

// kindNames are the kinds as a reader calls them.
var kindNames = map[news.Kind]page.Option{
	news.News:   {Text: "活動だより", Note: "集めてから報告するまでのようす"},
	news.Report: {Text: "使いみちの報告", Note: "報告が出たときの知らせ"},
	news.Thanks: {Text: "お礼", Note: "寄付が届いたときのお礼"},
}

func newLettersPage(l lettersOf, action, kind string, done bool) LettersPage {
	p := LettersPage{Public: page.Public{Title: "メールの受け取り", Private: true}, Heading: "メールの受け取り", Action: action}
	if l.reader.FollowerID > 0 {
		p.Lead, p.StopNow = "「"+l.title+"」の活動だよりと、使いみちの報告を、メールで受け取っています。", "メールをやめる"
		p.Note = "やめると、アドレスも消します。"
		if !l.follower.Active() {
			p.Lead, p.Action, p.StopNow, p.Note = "「"+l.title+"」のメールは、もう届きません。アドレスは消しました。", "", "", ""
		}
		return p
	}
	p.Lead = l.organisation.Name + "からのメールを、種類ごとに選べます。"
	p.Note = "領収書と、寄付の手つづきのメールは、選んでいなくても届きます。大切な知らせのためです。"
	p.Button = "この選び方にする"
	p.Kinds = page.Choices{Name: "kinds", Label: "受け取るメール", Multiple: true}
	for _, k := range news.Kinds() {
		option := kindNames[k]
		option.Value, option.Chosen = string(k), !l.quiet[k]
		p.Kinds.Options = append(p.Kinds.Options, option)
	}
	if name, known := kindNames[news.Kind(kind)]; known && !l.quiet[news.Kind(kind)] {
		p.Kind, p.StopNow = kind, "「"+name.Text+"」のメールをやめる"
	}
	if done {
		p.Done = page.Notice{Head: "受け取り方を変えました", Text: "いまは、下のしるしのついたメールが届きます。", Alert: true}
	}
	return p
}
