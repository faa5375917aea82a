package granting

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// EditPage is a call to enter or to correct.
type EditPage struct {
	page.Console
	Heading   string
	Action    string
	Version   int
	Head      []page.Field
	Money     []page.Field
	Claim     page.Field
	ClaimOpen bool
	Counts    page.Rows // the names of counts in the call's own rule
	Days      []page.Field
	Rules     page.Rows
	Rest      []page.Field
	Alone     page.Tick
	Verified  page.Tick
	Problems  page.Problems
}

// Template names the template of the page.
func (EditPage) Template() string { return "granting/edit" }

// New shows an empty form for a call.
func (p *Pages) New(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	year := d.Today().Year()
	if d.Today().Month() < 4 {
		year--
	}
	return p.edit(w, r, http.StatusOK, d, catalogue.Opportunity{FiscalYear: year}, nil, nil)
}

// Edit shows the form of a call that is known.
func (p *Pages) Edit(w http.ResponseWriter, r *http.Request) error {
	d, o, err := p.find(r)
	if err != nil {
		return err
	}
	return p.edit(w, r, http.StatusOK, d, o, nil, nil)
}

// spare is how many empty rules a form ends with.
const spare = 3

func (p *Pages) edit(w http.ResponseWriter, r *http.Request, status int, d console.Desk, o catalogue.Opportunity, values url.Values, problems map[string]string) error {
	forms, err := application.Forms(r.Context(), p.DB)
	if err != nil {
		return err
	}
	if values == nil {
		values = callValues(o)
	}
	form := page.NewForm(values, problems)
	shown := EditPage{Heading: "募集を入れる", Action: d.Path("grants", "new"), Version: o.Version}
	if o.ID > 0 {
		shown.Heading, shown.Action = "募集の内容を直す", d.Path("grants", o.ID, "edit")
	}
	shown.fill(form, values, forms, o.ID > 0)
	shown.Problems = form.Problems()
	crumbs := []page.Link{{Href: d.Path("grants"), Text: "助成をさがす"}}
	if o.ID > 0 {
		crumbs = append(crumbs, page.Link{Href: d.Path("grants", o.ID), Text: o.Call.Title})
	}
	shown.Console = frame(d, r, shown.Heading, crumbs...)
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func (e *EditPage) fill(form *page.Form, values url.Values, forms []application.Form, known bool) {
	if !known {
		e.Head = []page.Field{
			form.Field(page.Field{Name: "funder", Label: "助成する団体", Required: true}), form.Field(page.Field{Name: "programme", Label: "制度の名前", Required: true}),
			form.Field(page.Field{Name: "fiscal_year", Label: "年度", InputMode: "numeric", Required: true}), form.Field(page.Field{Name: "round", Label: "回", Aside: "年に何度もあるとき"}),
		}
	}
	status := []page.Option{}
	for _, s := range []catalogue.Status{catalogue.Open, catalogue.Announced, catalogue.Forecast, catalogue.Closed, catalogue.Archived} {
		status = append(status, page.Option{Value: string(s), Text: statusWords[s]})
	}
	e.Head = append(e.Head, form.Field(page.Field{Name: "title", Label: "募集の名前", Required: true}), form.Field(page.Field{Name: "status", Label: "いまの状態", Options: status}),
		form.Field(page.Field{Name: "summary", Label: "内容", Hint: "募集要項の言葉で、何に助成するのかを書きます。", Rows: 5}),
		form.Field(page.Field{Name: "purposes", Label: "分野", Hint: "「、」で区切る。例：居場所、見守り"}), form.Field(page.Field{Name: "areas", Label: "地域", Hint: "全国、または 鹿児島県、奄美市 のように"}))
	e.Money = []page.Field{
		form.Field(page.Field{Name: "least", Label: "下限の額", Unit: "円"}), form.Field(page.Field{Name: "most", Label: "上限の額", Unit: "円"}),
		form.Field(page.Field{Name: "payment", Label: "お金が入るとき", Options: []page.Option{{Value: "", Text: paymentWords[""]}, {Value: "before", Text: paymentWords["before"]}, {Value: "after", Text: paymentWords["after"]}, {Value: "either", Text: paymentWords["either"]}}}),
		form.Field(page.Field{Name: "claim_rate", Label: "割合", Aside: "近い様式とちがうとき", Hint: "例：3/4、80％。空けると、様式の決まりで計算します。"}),
		form.Field(page.Field{Name: "claim_of", Label: "何に対する割合か", Options: []page.Option{{Value: formula.Eligible, Text: "対象になる費用"}, {Value: formula.Total, Text: "総事業費"}}}),
		form.Field(page.Field{Name: "claim_unit", Label: "端数", Options: []page.Option{{Value: "1", Text: "切り捨てない"}, {Value: "100", Text: "百円未満を切り捨てる"}, {Value: "1000", Text: "千円未満を切り捨てる"}, {Value: "10000", Text: "1万円未満を切り捨てる"}}}),
		form.Field(page.Field{Name: "claim_deduct", Label: "収入を差し引くか", Options: []page.Option{{Value: "", Text: "差し引かない"}, {Value: "yes", Text: "総事業費から、寄付・利用料・ほかの助成などを引いた額まで"}}}),
		form.Field(page.Field{Name: "claim_source", Label: "額の決まりの、もとの文", Aside: "割合か式を書いたとき", Hint: "募集要項の文を、そのまま書きます。申請の予算の画面に出ます。", Rows: 2}),
	}
	e.Claim = form.Field(page.Field{Name: "claim", Label: "式", Aside: "書くと、上の割合より先に使います", Hint: "例：{\"units\": {\"count\": \"session\", \"each\": 5000, \"max\": 50}}（開催1回5,000円、50回まで）", Rows: 3})
	e.Counts = countRows(form, values)
	e.ClaimOpen = e.Claim.Value != "" || e.Claim.Problem != "" || e.Counts.Faulty()
	manners := []page.Option{{Value: "", Text: "要確認"}}
	for _, m := range catalogue.Manners {
		manners = append(manners, page.Option{Value: m, Text: m})
	}
	for _, kind := range catalogue.Kinds {
		e.Days = append(e.Days, form.Field(page.Field{Name: dayFields[kind], Label: dayLabels[kind], Aside: dayAsides[kind]}))
		if kind == catalogue.Closing {
			e.Days = append(e.Days, form.Field(page.Field{Name: "manner", Label: "締切の種類", Options: manners}),
				form.Field(page.Field{Name: "closes_at", Label: "締切の時刻", Aside: "決まっていれば", Hint: "例：17:00"}))
		}
	}
	days := form.Field(page.Field{Name: "deadlines", ID: "closes_on", Label: "日程"})
	if days.Problem != "" {
		e.Days[slices.Index(catalogue.Kinds, catalogue.Closing)].Problem = days.Problem
	}
	e.rules(form, values)
	templates := []page.Option{{Value: "", Text: "決めていません"}}
	for _, f := range forms {
		if f.Kind == "application" {
			templates = append(templates, page.Option{Value: f.Key, Text: f.Title})
		}
	}
	e.Rest = []page.Field{
		form.Field(page.Field{Name: "template", Label: "近い様式", Options: templates}), form.Field(page.Field{Name: "excludes", Label: "併用できない助成", Hint: "団体か制度の名前を「、」で区切る"}),
		form.Field(page.Field{Name: "writing", Label: "書く字数のめやす", InputMode: "numeric"}), form.Field(page.Field{Name: "contact", Label: "問い合わせ先"}),
		form.Field(page.Field{Name: "source_url", Label: "募集要項の場所（URL）", Type: "url"}),
	}
	if known {
		e.Rest = append(e.Rest, form.Field(page.Field{Name: "reason", Label: "直すわけ", Hint: "例：締切が変わった"}))
	}
	e.Alone = form.Tick(page.Tick{Name: "alone", Label: "同じ事業に、ほかの公的なお金を使えない"})
	e.Verified = form.Tick(page.Tick{Name: "verified", Label: "きょう、募集要項と見くらべた", Note: "付けないと「要確認」と出ます。"})
}

var testOptions = []page.Option{
	{Value: "", Text: "—"}, {Value: string(fit.AtLeast), Text: "以上"}, {Value: string(fit.AtMost), Text: "以下"}, {Value: string(fit.OneOf), Text: "のどれか"}, {Value: string(fit.NoneOf), Text: "でない"},
	{Value: string(fit.InArea), Text: "の地域にある"}, {Value: string(fit.YearsSince), Text: "から何年以上"}, {Value: string(fit.ShareOf), Text: "が会員の何％以上"}, {Value: string(fit.Yes), Text: "がはい"},
	{Value: string(fit.No), Text: "がいいえ"}, {Value: string(fit.RestOf), Text: "最近の何年に受けていない"}, {Value: string(fit.Paper), Text: "書類がある"},
}

// rules asks for the conditions of the call, a row each.
func (e *EditPage) rules(form *page.Form, values url.Values) {
	e.Rules = page.NewRows("rules", "申請できる条件", []page.RowColumn{
		{Name: "rule_quote", Head: "募集要項の文"}, {Name: "rule_key", Head: "何が", Options: keyOptions()}, {Name: "rule_test", Head: "どうであること", Options: testOptions},
		{Name: "rule_value", Head: "数・ことば"}, {Name: "rule_must", Head: "必ずか", Options: []page.Option{{Value: "must", Text: "必ず"}, {Value: "wish", Text: "望ましい"}}},
	}, values, spare, 60)
	e.Rules.Problem = form.Field(page.Field{Name: "rules", ID: "rule_quote-0", Label: "条件"}).Problem
}

// Enter puts a call into the catalogue.
func (p *Pages) Enter(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	return p.keep(w, r, d, catalogue.Opportunity{Source: catalogue.Manual})
}

// Correct writes a new version of what a call says.
func (p *Pages) Correct(w http.ResponseWriter, r *http.Request) error {
	d, o, err := p.find(r)
	if err != nil {
		return err
	}
	return p.keep(w, r, d, o)
}

func (p *Pages) keep(w http.ResponseWriter, r *http.Request, d console.Desk, o catalogue.Opportunity) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	known := o
	bad := readCall(r.PostForm, &o, d.Today())
	done := "entered"
	forms, err := p.formsOf(r.Context(), o)
	if err != nil {
		return err
	}
	unnamed(r.PostForm, o.Call.Budget, forms[o.Call.Template], bad)
	err = bad.Err()
	if err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			if o.ID == 0 {
				o.ID, err = catalogue.Enter(r.Context(), tx, o, author(d), d.Now)
				return err
			}
			done = "corrected"
			o.Version, _ = strconv.Atoi(r.PostForm.Get("version")) // what is none conflicts
			_, err = catalogue.Change(r.Context(), tx, o, strings.TrimSpace(r.PostForm.Get("reason")), author(d), d.Now)
			return err
		})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.edit(w, r, http.StatusUnprocessableEntity, d, known, r.PostForm, problems)
	}
	return page.Redirect(w, r, d.Path("grants", o.ID), done)
}
