package console

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// CampaignPage is an announced campaign as its group sees it.
type CampaignPage struct {
	page.Console
	Heading string
	Tag     page.Tag
	When    string
	People  page.People
	Total   page.Bar
	Goals   []page.Bar // besides yen
	Uses    []page.Bar
	Table   page.Table
	Outcome promise.Outcome // once collecting is over
	Facts   []page.Pair
	Spent   page.Table // by use, each leading to its lines in the book
	Gifts   []page.Document
	Links   []page.Document
	Enter   page.Link
	Expense page.Link
	History []Past
	Close   Act
	Stop    Act
	Behind  page.Notice // money lies on uses that the year began without
	Failed  Failure     // what was just asked for could not be done
}

// Template names the template of the page.
func (CampaignPage) Template() string { return "console/campaign" }

// Campaign shows where a campaign stands; a draft leads to the editor.
func (p *Pages) Campaign(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	if c.Status == campaigns.Draft {
		next := "preview"
		if d.May(drafters...) {
			next = "edit"
		}
		return redirect(w, r, d.Path("campaigns", c.ID, next), "")
	}
	return p.campaign(w, r, http.StatusOK, c, "", nil, nil)
}

// campaign shows where an announced campaign stands; values and problems belong to the form of that name: of the page, or "edit" where it was a draft when that was opened.
func (p *Pages) campaign(w http.ResponseWriter, r *http.Request, status int, c standing, form string, values url.Values, problems map[string]string) error {
	d := desk(r)
	progress, err := campaigns.FindProgress(r.Context(), p.DB, c.Campaign, c.Plan)
	if err != nil {
		return err
	}
	history, err := ledger.History(r.Context(), p.DB, d.Organisation.ID, "campaign", c.ID)
	if err != nil {
		return err
	}
	latest, err := campaigns.Gifts(r.Context(), p.DB, d.Organisation.ID, campaigns.GiftFilter{CampaignID: c.ID}, time.Time{}, 0, 5)
	if err != nil {
		return err
	}
	built := buildCampaign(d, c, progress, history)
	built.Gifts = latestGifts(d, latest)
	more, err := p.changeLinks(r.Context(), d, c)
	if err != nil {
		return err
	}
	built.Links = append(append(built.Links, more...), newsLinks(d, c)...)
	if c.Ended(c.Plan, d.Today()) {
		built.Outcome = promise.Outcomes(progress.Funding(), c.Plan)
	}
	if c.Plan.Standing && c.Changeable() {
		uses, err := campaigns.HeldBehind(r.Context(), p.DB, c.Campaign)
		if err != nil {
			return err
		}
		built.Behind = heldNotice(d, c, uses)
	}
	built.Failed = notDone(problems)
	if d.May(head...) && (c.Status == campaigns.Open || c.Status == campaigns.Announced) {
		built.Close, built.Stop = endingActs(d, c, func(name string) (url.Values, map[string]string) {
			if form == name {
				return values, problems
			}
			return nil, nil
		})
	}
	built.Failed = built.Failed.gone(form, values, problems, built.Close, built.Stop)
	built.Console = d.Frame(r, titleOf(c), page.Campaigns, page.Link{Href: d.Path("campaigns"), Text: "募金"})
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

func buildCampaign(d Desk, c standing, progress campaigns.Progress, history []ledger.Step) CampaignPage {
	built := CampaignPage{Heading: titleOf(c), Tag: campaignTag(c.Status), People: peopleOf(progress.People),
		When: collectingText(c.Plan)}
	built.Total = page.Bar{Name: "ぜんぶの使いみち", Total: true, Promised: progress.Promised, Received: progress.Carried + progress.Received,
		Spent: progress.Spent, Left: progress.Left, Unchecked: progress.Waiting}
	if progress.Promised > 0 {
		built.Total.Say = "約束の" + page.Percent(built.Total.Received, progress.Promised) + "が届きました。"
	}
	for i, u := range progress.Uses {
		built.Uses = append(built.Uses, page.Bar{Number: fmt.Sprint(i + 1), Name: u.Name, How: u.Detail, Terms: useTerms(u.PlanUse),
			Promised: u.Amount, Received: u.Received, Spent: u.Spent, Left: u.Left, Unchecked: u.Waiting})
	}
	built.Goals = promise.Goals(progress.Goals)
	built.Table = page.BarTable("使いみちごとの金額", built.Uses, built.Total)
	built.Facts = campaignFacts(d, c, progress)
	built.Spent = spentByUse(d, progress)
	built.Links = campaignLinks(d, c)
	if d.May(enterers...) && !c.Plan.Yenless() {
		built.Enter = page.Link{Href: d.Path("gifts", "new") + fmt.Sprintf("?campaign=%d", c.ID), Text: "寄付を入れる"}
		built.Expense = page.Link{Href: d.Path("expenses", "new"), Text: "レシートを入れる"}
	}
	built.History = pasts(history, campaignStep)
	return built
}

// endingActs are the two ways to end a campaign before its day.
func endingActs(d Desk, c standing, of formOf) (closing, stopping Act) {
	if c.Status == campaigns.Open {
		values, problems := of("close")
		b := builder{form: page.NewForm(values, problems), prefix: "close"}
		closing = Act{ID: "close", Summary: "予定より早く終える", Lead: "きょうで募金を終えます。あすからは受け付けません。きょうまでの封筒は、あとからでも入れられます。",
			Action: d.Path("campaigns", c.ID, "close"), Button: "きょうで終える", Plain: true, Open: problems != nil,
			Items: []Item{b.reason("早く終える理由", "募金のページに出ます。")}}
		closing.Problems = b.form.Problems()
	}
	values, problems := of("stop")
	b := builder{form: page.NewForm(values, problems), prefix: "stop"}
	stopping = Act{ID: "stop", Summary: "募金を中止する", Lead: "取り組みそのものをやめるときです。届いたお金は、約束した「中止したとき」のとおりにします：" + c.Plan.IfStopped,
		Action: d.Path("campaigns", c.ID, "stop"), Button: "中止する", Plain: true, Open: problems != nil, Items: []Item{b.reason("中止する理由", "募金のページに出ます。")}}
	stopping.Problems = b.form.Problems()
	return closing, stopping
}

// spentByUse is what was spent on each use; a name leads to the lines of the book.
func spentByUse(d Desk, progress campaigns.Progress) page.Table {
	t := page.Table{Caption: "使いみちごとの支出", Columns: []page.Column{{Text: "使いみち"}, {Text: "使った", Number: true}, {Text: "うち確認前", Number: true}, {Text: "残り", Number: true}}}
	for _, u := range progress.Uses {
		t.Rows = append(t.Rows, page.Row{Name: u.Name, Href: d.Path("book") + fmt.Sprintf("?use=%d", u.UseID),
			Cells: []string{page.YenText(u.Spent) + "円", page.YenText(u.Waiting) + "円", page.YenText(u.Left) + "円"}})
	}
	t.Foot = []page.Row{{Name: "合計", Cells: []string{page.YenText(progress.Spent) + "円", page.YenText(progress.Waiting) + "円", page.YenText(progress.Left) + "円"}}}
	return t
}

func latestGifts(d Desk, gifts []campaigns.ListedGift) []page.Document {
	var docs []page.Document
	for _, g := range gifts {
		row := giftRow(d, g)
		docs = append(docs, page.Document{Link: page.Link{Href: row.Href, Text: row.Name + "　" + row.Amount + "円"}, Note: joined(row.On, channelName(g.Channel), giftTag(g.Donation).Text)})
	}
	return docs
}

func useTerms(u campaigns.PlanUse) []string {
	var terms []string
	if text := productText(u); text != "" {
		terms = append(terms, text)
	}
	if !u.DueOn.IsZero() {
		terms = append(terms, page.DayOnly(u.DueOn)+"までに使います")
	}
	if u.Evidence != "" {
		terms = append(terms, u.Evidence+"で示します")
	}
	return terms
}

func campaignFacts(d Desk, c standing, progress campaigns.Progress) []page.Pair {
	facts := []page.Pair{
		{Term: "寄付", Text: page.YenText(progress.Received) + "円", Link: page.Link{Href: d.Path("gifts") + fmt.Sprintf("?campaign=%d", c.ID), Text: "一覧を見る"}},
		{Term: "支出", Text: fmt.Sprintf("%s円（証拠の書類 %d枚）", page.YenText(progress.Spent), progress.Papers),
			Link: page.Link{Href: d.Path("book") + fmt.Sprintf("?fund=%d", c.FundID), Text: "帳簿で見る"}},
		{Term: "報告する日", Text: page.Day(c.Plan.ReportDueOn)},
	}
	if progress.Pending > 0 {
		facts = append(facts, page.Pair{Term: "まだ払われていない寄付", Text: page.YenText(progress.Pending) + "円（数えていません）"})
	}
	if progress.InKind > 0 {
		facts = append(facts, page.Pair{Term: "品物の寄付", Text: page.YenText(progress.InKind) + "円分（目標には数えません）"})
	}
	if progress.Left < 0 {
		facts = append(facts, page.Pair{Term: "足りないお金", Text: page.YenText(-progress.Left) + "円",
			Link: page.Link{Href: d.Path("money", "cover") + fmt.Sprintf("?to=%d", c.FundID), Text: "一般から補う"}})
	}
	return facts
}

func campaignLinks(d Desk, c standing) []page.Document {
	links := []page.Document{
		{Link: page.Link{Href: "/c/" + c.Slug, Text: "みんなが見るページ"}},
		{Link: page.Link{Href: "/c/" + c.Slug + "/leaflet.pdf", Text: "チラシ（PDF）"}, Note: "QRつき。印刷して配れます"},
	}
	if c.Status == campaigns.Announced || c.Status == campaigns.Open {
		links = append(links, page.Document{Link: page.Link{Href: "/c/" + c.Slug + "/poster.pdf", Text: "ポスター（A3）"}, Note: "QRつき。今日までに参加した人の数が入ります"},
			page.Document{Link: page.Link{Href: "/c/" + c.Slug + "/poster-a4.pdf", Text: "ポスター（A4）"}})
	}
	links = append(links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "reached"), Text: "人・食数・手伝い・品物を数える"}, Note: "お金のほかの目標"})
	links = append(links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "ways"), Text: "カードを使わない寄付のしかた"}, Note: fmt.Sprintf("振込の番号は「%d」", c.ID)})
	if d.May(reporters...) {
		links = append(links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "report"), Text: "使いみちの報告を書く"}, Note: page.DayOnly(c.Plan.ReportDueOn) + "まで"})
	}
	return links
}

func campaignStep(step string) string {
	switch step {
	case "drafted":
		return "下書きを始めました"
	case string(campaigns.Announced):
		return "公表しました"
	case string(campaigns.Open):
		return "募金を始めました"
	case string(campaigns.Closed):
		return "募金を終えました"
	case string(campaigns.Reported):
		return "使いみちを報告しました"
	case "reported_on_the_way":
		return "とちゅうの報告をしました"
	case "year_planned":
		return "次の年度の計画を公表しました"
	case "year_begun":
		return "新しい年度の計画が始まりました"
	case "year_reported":
		return "年度の使いみちを報告しました"
	case string(campaigns.Stopped):
		return "中止しました"
	}
	return changeStep(step)
}
