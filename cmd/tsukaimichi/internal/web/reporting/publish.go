package reporting

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// PublishPage is the last look before a report comes out: what will be kept for good and who gets a letter.
type PublishPage struct {
	page.Console
	Heading  string
	Problems page.Problems
	Lacks    []Lack
	Warnings []string
	Frozen   []page.Pair
	Then     []page.Pair
	Preview  page.Link
	Edit     page.Link
	Action   string
	Agree    page.Tick
	Seen     string
	Button   string
}

// Template names the template of the page.
func (PublishPage) Template() string { return "reporting/publish" }

// ConfirmPublish lists what publishing does.
func (p *Pages) ConfirmPublish(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if !m.writing() {
		return redirect(w, r, m.at(), "")
	}
	return p.confirm(w, r, http.StatusOK, m, nil)
}

func (p *Pages) confirm(w http.ResponseWriter, r *http.Request, status int, m matter, problems map[string]string) error {
	u, err := p.Press.UsageOf(r.Context(), m.Report, false)
	if err != nil {
		return err
	}
	letters, err := p.Press.CountGivers(r.Context(), m.Organisation.ID, m.Campaign.ID)
	if err != nil {
		return err
	}
	built := buildPublish(m, u, letters, problems)
	built.Console = m.frame(r, "公表の確認："+u.Plan.Title, page.Link{Href: m.at(), Text: "下書き"})
	built.NeedsFix = built.Problems.Some()
	return p.Renderer.Render(w, status, built)
}

func buildPublish(m matter, u reports.Usage, letters int, problems map[string]string) PublishPage {
	form := page.NewForm(nil, problems)
	built := PublishPage{Heading: u.Plan.Title, Lacks: lacks(u, m.at()), Action: m.at("publish"), Seen: seal(m.Report, u.Figures),
		Preview: page.Link{Href: m.at("preview"), Text: "公表したときの姿を見る"}, Edit: page.Link{Href: m.at(), Text: "もどって直す"},
		Button: "公表して、寄付した方に知らせる"}
	built.Warnings = u.Warnings()
	f := u.Figures
	built.Frozen = []page.Pair{
		{Term: "版", Text: reports.EditionName(u.Turn, u.Version)},
		{Term: "数字", Text: fmt.Sprintf("約束 %s円、届いた %s円、使った %s円、残り %s円", page.YenText(f.Progress.Promised), page.YenText(f.In()),
			page.YenText(f.Progress.Spent), page.YenText(f.Progress.Left))},
		{Term: "文・声・写真", Text: fmt.Sprintf("いま残してあるとおり。声%d、写真%d枚", len(u.Content.Voices), len(u.Content.Photos))},
		{Term: "紙", Text: "全文のPDF、大きな字の1枚、回覧、ポスター"},
		{Term: "使途明細（CSV）", Text: fmt.Sprintf("%d行。名前は入りません", len(f.Entries))},
	}
	if m.correcting() {
		built.Button = "訂正版を公表して、寄付した方に知らせる"
		built.Frozen = append(built.Frozen, page.Pair{Term: "訂正", Text: u.Content.Changes})
	}
	built.Then = []page.Pair{{Term: "だれでも読めます", Text: "報告のページ、紙、使途明細が、募金のページから読めます。"}, {Term: "メール", Text: lettersText(letters)}}
	if f.Progress.Left > 0 && !f.OnTheWay && !u.Content.RestBy.IsZero() {
		built.Then = append(built.Then, page.Pair{Term: "次の報告", Text: page.YenText(f.Progress.Left) + "円をくりこします。" + page.Day(u.Content.RestBy) + "までに、また報告します。"})
	}
	built.Agree = form.Tick(page.Tick{Name: "agree", Label: "この内容で公表します",
		Note: "公表したあとは、消すことも書きかえることもできません。まちがいは、訂正版を出して直します。"})
	built.Problems = form.Problems()
	return built
}

func lettersText(n int) string {
	if n == 0 {
		return "メールアドレスのわかる寄付者は、いません。送りません。"
	}
	return fmt.Sprintf("寄付した方のうち、メールアドレスのわかる%d人に、1通ずつ送ります。", n)
}

// Publish makes the report public.
func (p *Pages) Publish(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if !m.writing() { // pressed twice
		return redirect(w, r, m.at(), "published")
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	say := locale.Japanese.T
	if m.Report.ID == 0 {
		return p.confirm(w, r, http.StatusUnprocessableEntity, m, map[string]string{"": say("report.did_missing")})
	}
	u, err := p.Press.UsageOf(r.Context(), m.Report, false)
	if err != nil {
		return err
	}
	if t.Get("agree") == "" {
		return p.confirm(w, r, http.StatusUnprocessableEntity, m, map[string]string{"agree": say("report.agree_missing")})
	}
	if len(u.Content.Missing(u.Figures, u.Version > 1)) > 0 { // the list on the page names each with its place
		return p.confirm(w, r, http.StatusUnprocessableEntity, m, map[string]string{"": say("report.incomplete")})
	}
	if t.Get("seen") != seal(m.Report, u.Figures) {
		return p.confirm(w, r, http.StatusUnprocessableEntity, m, map[string]string{"": say("report.moved")})
	}
	err = p.Press.Publish(r.Context(), m.Organisation.ID, m.Report.ID, m.By())
	switch {
	case errors.Is(err, reports.ErrPublished):
		return redirect(w, r, m.at(), "published")
	case err != nil:
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.confirm(w, r, http.StatusUnprocessableEntity, m, problems)
	}
	return redirect(w, r, m.at(), "published")
}
