package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// OnlinePage is カードとコンビニ: whether they are offered, and what the program put aside for a person.
type OnlinePage struct {
	page.Console
	Failed   Failure
	Pairs    []page.Pair
	Switch   Act
	Problems []ProblemRow
	None     string
}

// Template names the template of the page.
func (OnlinePage) Template() string { return "console/online" }

// ProblemRow is one thing to look at, and what can be done about it here.
type ProblemRow struct {
	Tag    page.Tag
	What   string
	Note   string
	Gift   page.Link
	Return Act
	Decide Act
	Seen   Act
}

// switchers may take card and konbini off the pages, and put them back.
var switchers = []ledger.Role{ledger.Representative, ledger.Treasurer}

func (p *Pages) routesOfOnline(t *routeTable) {
	t.get("/money/online", readers, p.Online)
	t.post("/money/online/pause", switchers, p.PauseOnline)
	t.post("/money/online/resume", switchers, p.ResumeOnline)
	t.post("/money/online/seen", treasurer, p.SeenProblem)
	t.post("/money/online/return", treasurer, p.ReturnUnclear)
	t.post("/money/online/decide", treasurer, p.DecideUnclear)
	t.post("/gifts/{id}/refund-online", treasurer, p.RefundOnline)
}

// Online shows whether card and konbini are offered, and what waits for a person.
func (p *Pages) Online(w http.ResponseWriter, r *http.Request) error {
	return p.online(w, r, http.StatusOK, Failure{}, nil, nil)
}

// online shows the page; values and problems are those of a row's form that was sent and has to be mended.
func (p *Pages) online(w http.ResponseWriter, r *http.Request, status int, failed Failure, values url.Values, problems map[string]string) error {
	d := desk(r)
	standing, err := p.Till.FindStanding(r.Context(), d.Organisation.ID)
	if err != nil {
		return err
	}
	waiting, err := payments.Problems(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	shown := OnlinePage{Failed: failed, Console: d.Frame(r, "カードとコンビニ", page.Money, page.Link{Href: d.Path("money"), Text: "お金"}),
		Pairs: standingPairs(standing), Switch: switchAct(d, standing), None: "見てほしいことは、ありません。帳簿とStripeの残高は、毎日くらべています。"}
	told := false
	for i, problem := range waiting {
		form := page.NewForm(nil, nil)
		if problem.Ref == values.Get("ref") {
			form = page.NewForm(values, problems)
		}
		row := problemRow(d, i, problem, form)
		told = told || row.Decide.Open
		shown.Problems = append(shown.Problems, row)
	}
	if said := problems["meaning"]; said != "" && !told { // of a row that is not decided this way
		shown.Failed = notDone(map[string]string{"": said})
	}
	shown.NeedsFix = status != http.StatusOK
	return p.Renderer.Render(w, status, shown)
}

func standingPairs(s payments.Standing) []page.Pair {
	state := page.Pair{Term: "いま", Text: "カードとコンビニで受け取っています", Strong: true}
	switch {
	case !s.Connected:
		state.Text = "Stripeの口座が、つながっていません。カードとコンビニは使えません。"
		return []page.Pair{state}
	case !s.Online && s.PausedWhy == "refusals":
		state.Text = "自動で止めました（" + page.Minute(s.PausedAt) + "）。カードが続けて断られたためです。ほかの払い方は、募金のページに出ています。"
	case !s.Online:
		state.Text = "止めています。ほかの払い方は、募金のページに出ています。"
	}
	money := "本番（お金が動きます）"
	if !s.Live {
		money = "テスト（お金は動きません）"
	}
	return []page.Pair{state, {Term: "Stripeの口座", Text: money}}
}

func switchAct(d Desk, s payments.Standing) Act {
	switch {
	case !s.Connected || !d.May(switchers...):
		return Act{}
	case s.Online:
		return Act{ID: "pause", Summary: "カードとコンビニを止める", Action: d.Path("money", "online", "pause"), Button: "止める", Plain: true,
			Lead: "募金のページから、カードとコンビニを消します。振込や持参は残ります。もう出ているコンビニの番号では、期限まで払えます。"}
	}
	return Act{ID: "resume", Bare: true, Action: d.Path("money", "online", "resume"), Button: "また受け取る",
		Lead: "盗まれたカードをためされていないか、Stripeの管理画面で断られた支払いを見てから、始めてください。"}
}

func problemRow(d Desk, i int, p payments.Problem, form *page.Form) ProblemRow {
	row := ProblemRow{Tag: page.Tag{Kind: page.TagLate, Text: "見てください"}}
	row.What, row.Note = problemText(p)
	if p.DonationID > 0 {
		row.Gift = page.Link{Href: d.Path("gifts", p.DonationID), Text: "その寄付を見る"}
	}
	if p.Kind == payments.Disputed {
		row.Tag = page.Tag{Kind: page.TagWait, Text: "期限があります"}
	}
	if !d.May(treasurer...) {
		return row
	}
	hidden := []Hidden{{"kind", string(p.Kind)}, {"ref", p.Ref}}
	if p.Kind == payments.YenUnclear && p.Detail == string(campaigns.MovementCharge) {
		row.Return = Act{ID: fmt.Sprintf("return-%d", i), Summary: "払った人に返す", Action: d.Path("money", "online", "return"), Hidden: hidden, Plain: true,
			Button: page.YenText(p.Amount) + "円を返す", Lead: "払ったカードにもどります。手数料は、もどりません。"}
	}
	if row.Decide = meaningAct(d, i, p, hidden, form); row.Decide.Action != "" {
		return row
	}
	if p.Kind != payments.Refusals && p.Kind != payments.CheckFailed {
		row.Seen = Act{ID: fmt.Sprintf("seen-%d", i), Summary: "見おわった", Action: d.Path("money", "online", "seen"), Hidden: hidden, Plain: true, Button: "この知らせを消す",
			Lead: "確かめて、することがすんだら、消してください。記録は残ります。"}
	}
	return row
}

// meanings are what yen in 照合待ち can have been, as a person chooses it.
var meanings = map[payments.Meaning]string{
	payments.WasCost: "Stripeの手数料", payments.WasLost: "もどらないお金（二重に返した、など）", payments.WasIncome: "寄付でない、そのほかの収入", payments.WasBank: "団体の銀行との間で動かしたお金",
}

// meaningAct takes yen out of 照合待ち. It stands in place of 見おわった: to put the note away alone would leave them there.
func meaningAct(d Desk, i int, p payments.Problem, hidden []Hidden, form *page.Form) Act {
	fit := p.Meanings()
	if len(fit) == 0 {
		return Act{}
	}
	b := builder{form: form, prefix: fmt.Sprintf("decide-%d", i)}
	var options []page.Option
	for _, m := range fit {
		options = append(options, page.Option{Value: string(m), Text: meanings[m]})
	}
	act := Act{ID: fmt.Sprintf("decide-%d", i), Summary: "何のお金か決める", Action: d.Path("money", "online", "decide"), Hidden: hidden, Plain: true, Button: "決めて、帳簿に入れる",
		Lead:  "Stripeの管理画面で確かめてから、決めてください。きょうの日付で帳簿に入り、「照合待ち」から出ます。",
		Items: []Item{b.field(page.Field{Name: "meaning", Label: "何のお金でしたか", Options: selectOptions("選んでください", options)})}}
	act.Problems = form.Problems()
	act.Open = act.Problems.Some()
	return act
}

// DecideUnclear books what yen in 照合待ち were.
func (p *Pages) DecideUnclear(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	err = p.Till.Decide(r.Context(), d.Organisation.ID, t.text("ref"), payments.Meaning(t.text("meaning")), d.By())
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.online(w, r, http.StatusUnprocessableEntity, notDone(problems), t.Values, problems)
	}
	return redirect(w, r, d.Path("money", "online"), "unclear_decided")
}

// PauseOnline takes card and konbini off the pages.
func (p *Pages) PauseOnline(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	if err := p.Till.Pause(r.Context(), d.Organisation.ID); err != nil {
		return err
	}
	return redirect(w, r, d.Path("money", "online"), "online_paused")
}

// ResumeOnline puts card and konbini back on the pages.
func (p *Pages) ResumeOnline(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	if err := p.Till.Resume(r.Context(), d.Organisation.ID); err != nil {
		return err
	}
	return redirect(w, r, d.Path("money", "online"), "online_resumed")
}

// SeenProblem ends a problem that a person has looked after.
func (p *Pages) SeenProblem(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	if err = p.Till.Solve(r.Context(), d.Organisation.ID, payments.ProblemKind(t.text("kind")), t.text("ref")); err != nil {
		return err
	}
	return redirect(w, r, d.Path("money", "online"), "problem_seen")
}

// ReturnUnclear gives a payment back that is nobody's gift.
func (p *Pages) ReturnUnclear(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	err = p.Till.GiveUnclearBack(r.Context(), d.Organisation.ID, t.text("ref"))
	var refused *stripepay.Refused
	if errors.Is(err, payments.ErrNoAccount) || (errors.As(err, &refused) && !errors.Is(err, campaigns.ErrPaymentUnavailable)) {
		return p.online(w, r, http.StatusConflict, Failure{Notice: page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "できませんでした"}, Attend: true, Alert: true,
			Head: "Stripeが、この返金を受け付けませんでした", Text: "お金は動いていません。Stripeの管理画面で理由を見てください。"}}, nil, nil)
	}
	if err != nil {
		return err
	}
	return redirect(w, r, d.Path("money", "online"), "refund_asked")
}
