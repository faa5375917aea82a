package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// VettingPage is 団体の確認: whether an operator has looked at the group, what it brings, and how it asks.
type VettingPage struct {
	page.Console
	Failed  Failure
	State   page.Notice
	Brings  []string
	Seen    []page.Pair
	Ask     Act
	History []Past
}

// Template names the template of the page.
func (VettingPage) Template() string { return "console/vetting" }

// vettingView is what the page shows.
type vettingView struct {
	Newest    *vetting.Vetting // nil before anything was asked
	InForce   *vetting.Vetting // nil while the group may not ask for money
	Operators int
	History   []ledger.Step
}

// Vetting shows where the group stands with the operator.
func (p *Pages) Vetting(w http.ResponseWriter, r *http.Request) error {
	return p.vetting(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) vetting(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d := desk(r)
	view, err := findVetting(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	failed := notDone(problems)
	shown := buildVetting(d, view, values, problems)
	shown.Failed = failed.gone("ask", values, problems, shown.Ask)
	shown.Console = d.Frame(r, "団体の確認", page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	shown.NeedsFix = status != http.StatusOK
	return p.Renderer.Render(w, status, shown)
}

func findVetting(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on ledger.Date) (v vettingView, err error) {
	if v.Newest, err = orNone(vetting.Newest(ctx, q, organisationID)); err != nil {
		return v, err
	}
	if v.InForce, err = orNone(vetting.InForce(ctx, q, organisationID)); err != nil {
		return v, err
	}
	operators, err := access.Operators(ctx, q, on)
	if err != nil {
		return v, err
	}
	v.Operators = len(operators)
	v.History, err = ledger.History(ctx, q, organisationID, "vetting", organisationID)
	return v, err
}

// orNone is nil where there is no vetting.
func orNone(v vetting.Vetting, err error) (*vetting.Vetting, error) {
	if errors.Is(err, vetting.ErrNone) {
		return nil, nil
	}
	return &v, err
}

func buildVetting(d Desk, v vettingView, values url.Values, problems map[string]string) VettingPage {
	shown := VettingPage{Brings: brings(d.Organisation), State: vettingState(d, v), History: pasts(v.History, vettingStep)}
	if v.InForce != nil {
		for _, s := range v.InForce.Seen {
			shown.Seen = append(shown.Seen, page.Pair{Term: paperName(s.Paper), Text: joined(page.DayOnly(s.On), howSeen(s.How), s.Note)})
		}
	}
	waits := v.Newest != nil && v.Newest.Status == vetting.Asked
	settled := v.InForce != nil && !v.InForce.Changed(d.Organisation) && v.InForce.Status == vetting.Approved
	if waits || settled || !d.May(head...) {
		return shown
	}
	b := builder{form: page.NewForm(values, problems), prefix: "ask"}
	shown.Ask = Act{ID: "ask", Bare: true, Action: d.Path("settings", "vetting"), Button: "確認をたのむ",
		Lead: "たのむと、団体の名前・種類・代表・住所・振込先が、運営に見えます。帳簿や寄付した方の名前は見えません。",
		Items: []Item{b.field(page.Field{Name: "meeting", Label: "書類を、どうやって見せるか", Rows: 3, Required: true, MostRunes: vetting.MaxWords,
			Hint: "例：火曜の午前に、窓口へ持っていきます。\n画面ごしに見せることもできます。番号や住所は、ここに書かないでください。"})}}
	shown.Ask.Problems = b.form.Problems()
	return shown
}

// vettingState says in one notice where the group stands and what comes next.
func vettingState(d Desk, v vettingView) page.Notice {
	n := page.Notice{Tag: page.Tag{Kind: page.TagDraft, Text: "まだです"}, Head: "運営の確認を、まだ受けていません", Attend: true,
		Text: "下書きは、いまから書けます。公表は、確認がすんでからです。下のものを用意して、代表がたのんでください。"}
	switch {
	case v.Newest == nil && v.Operators == 0:
		n.Text = "この場には、運営する人がまだ登録されていません。この場を動かしている方に、運営する人の登録（operator add）をたのんでください。"
	case v.Newest == nil:
	case v.Newest.Status == vetting.Asked:
		n.Tag, n.Head = page.Tag{Kind: page.TagWait, Text: "返事待ち"}, page.DayOnly(ledger.DateOf(v.Newest.AskedAt))+"にたのみました"
		n.Text = "見せ方：" + v.Newest.Meeting + "\n運営が書類を見ると、代表にメールでお知らせします。"
	case v.Newest.Status == vetting.Refused:
		n.Tag, n.Head = page.Tag{Kind: page.TagLate, Text: "まだできません"}, "確認が、まだできません"
		n.Text = "わけ：" + v.Newest.Reason + "\n次にすること：" + v.Newest.Next
		if v.InForce != nil {
			n.Text += "\n前の確認は、そのまま生きています。"
		}
	case v.Newest.Status == vetting.Before:
		n.Tag, n.Head = page.Tag{Kind: page.TagOpen, Text: "公表できます"}, "この決まりができる前から、募金をしています"
		n.Text, n.Attend = "運営の確認は受けていません。みんなが見る団体のページにも、そう出ます。受けたいときは、代表がたのめます。", false
	default:
		n.Tag, n.Head = page.Tag{Kind: page.TagDone, Text: "確認ずみ"}, page.DayOnly(ledger.DateOf(v.Newest.DecidedAt))+"に、運営が確認しました"
		n.Text, n.Attend = "募金を公表できます。見た書類の種類と日は、みんなが見る団体のページに出ます。", false
		if v.Newest.Changed(d.Organisation) {
			n.Tag, n.Attend = page.Tag{Kind: page.TagLate, Text: "変わりました"}, true
			n.Text = "確認のあとに、団体の名前・種類・代表・振込先のどれかが変わりました。募金はつづけられます。みんなが見る団体のページには、変わったと出ます。もう1度、確認をたのめます。"
		}
	}
	if d.Organisation.Practice && v.InForce == nil {
		n.Text += "\n練習では、「練習のはじめ方」で運営の人になって、自分で確認できます。"
	}
	return n
}

// AskVetting asks the operators to look at the group.
func (p *Pages) AskVetting(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		err := vetting.Ask(r.Context(), tx, d.Organisation.ID, t.text("meeting"), d.By(), d.Now)
		if errors.Is(err, vetting.ErrAsked) {
			return ledger.Invalid{"": "vetting.asked"}
		}
		if err != nil {
			return err
		}
		return access.TellVettingAsked(r.Context(), tx, d.Organisation.ID, p.Site+groupPath(d.Organisation.ID), d.Now)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.vetting(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	return redirect(w, r, d.Path("settings", "vetting"), "vetting_asked")
}

// vettingTasks are what the representative does so that the first campaign can be announced.
func vettingTasks(d Desk, w waiting) []page.Task {
	if w.Vetted || !d.May(head...) || len(w.Campaigns) == 0 {
		return nil
	}
	task := page.Task{Tag: page.Tag{Kind: page.TagWait, Text: "公表の前に"}, What: "団体の確認を、運営にたのむ", Note: "はじめて募金を公表する前に、1度だけ要ります。下書きは、そのまま書けます。",
		Act: page.Link{Href: d.Path("settings", "vetting"), Text: "用意するものを見る"}}
	switch w.Vetting {
	case vetting.Asked:
		return nil
	case vetting.Refused:
		task.Tag, task.Note = page.Tag{Kind: page.TagLate, Text: "まだできません"}, "運営から、わけと、次にすることがとどいています。"
		task.Act.Text = "わけを読む"
	}
	return []page.Task{task}
}

func paperName(paper vetting.Paper) string {
	return locale.Japanese.T("vetting.paper_" + string(paper))
}

func howSeen(how vetting.How) string { return locale.Japanese.T("vetting.how_" + string(how)) }

// brings is what a group of this kind brings, one line for each thing with what may stand in its place.
func brings(o ledger.Organisation) []string {
	var lines []string
	for _, one := range vetting.Brought(o.Kind) {
		if one[0] == vetting.Account && o.BankAccount == "" {
			continue
		}
		names := make([]string, len(one))
		for i, paper := range one {
			names[i] = paperName(paper)
		}
		line := names[0]
		if len(names) > 1 {
			line = fmt.Sprintf("%s（どれか1つ）", strings.Join(names, " か "))
		}
		lines = append(lines, line)
	}
	return lines
}

func vettingStep(step string) string {
	switch vetting.Status(step) {
	case vetting.Asked:
		return "確認をたのみました"
	case vetting.Approved:
		return "確認しました"
	case vetting.Refused:
		return "まだ確認できないと返事がありました"
	}
	return step
}
