package public

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// Called is a campaign with everything its page shows.
type Called struct {
	Organisation ledger.Organisation
	Campaign     campaigns.Campaign
	Plan         campaigns.Plan
	Progress     campaigns.Progress
	Names        []string // of those who wished to be seen
	Named        int      // how many those are
	Others       []Other
	Reports      []string // public names, the latest first
	Duties       []campaigns.Duty
	Despite      string // why it was announced although another report was owed
	Records      int64
	Online       bool
	Ways         []campaigns.Way // to give without a payment service
	Today        ledger.Date
}

// Other is another campaign of the organisation, as a list shows it.
type Other struct {
	Campaign campaigns.Campaign
	Plan     campaigns.Plan
	People   campaigns.People
	Received ledger.Yen
	Spent    ledger.Yen
	Owed     ledger.Date // the day of the report it owes; zero while it owes none
	Group    string      // named where the list is of several organisations
	Place    string
}

// Campaign answers /c/{slug}.
func (p *Pages) Campaign(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(ctx context.Context) (page.Page, error) {
		c, err := campaigns.FindPublic(ctx, p.DB, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		called, err := p.call(ctx, c)
		if err != nil {
			return nil, err
		}
		built := NewCampaignPage(called)
		built.Preview = p.preview("/c/"+c.Slug, called.Plan.Lead, callCard(called))
		if err = p.changing(ctx, called, &built); err != nil {
			return nil, err
		}
		err = p.telling(ctx, c, &built)
		return built, err
	})
}

// Preview answers with a campaign as it will look, drafts included. Who may see it is asked before.
func (p *Pages) Preview(w http.ResponseWriter, r *http.Request, organisationID, campaignID int64) error {
	c, err := campaigns.Find(r.Context(), p.DB, organisationID, campaignID)
	if err != nil {
		return err
	}
	called, err := p.call(r.Context(), c)
	if err != nil {
		return err
	}
	shown := NewCampaignPage(called)
	shown.Private = true
	if !c.Public() {
		shown.State = &page.Notice{Tag: page.Tag{Kind: page.TagDraft, Text: "下書き"}, Head: "これは下書きの見え方です", Text: "まだ公表していません。見られるのは団体の人だけです。", Attend: true}
	}
	return p.Renderer.Render(w, http.StatusOK, shown)
}

func (p *Pages) call(ctx context.Context, c campaigns.Campaign) (Called, error) {
	called := Called{Campaign: c, Today: p.today()}
	var err error
	if called.Organisation, err = ledger.FindOrganisation(ctx, p.DB, c.OrganisationID); err != nil {
		return called, err
	}
	if called.Plan, err = campaigns.FindPlan(ctx, p.DB, c.OrganisationID, c.ID, c.Version); err != nil {
		return called, err
	}
	if called.Progress, err = campaigns.FindProgress(ctx, p.DB, c, called.Plan); err != nil {
		return called, err
	}
	called.Progress = called.Progress.Told()
	if called.Names, called.Named, err = campaigns.PublicNames(ctx, p.DB, c.OrganisationID, c.ID); err != nil {
		return called, err
	}
	if called.Reports, err = reports.OfCampaign(ctx, p.DB, c); err != nil {
		return called, err
	}
	if called.Duties, err = campaigns.Duties(ctx, p.DB, c.OrganisationID, c.ID); err != nil {
		return called, err
	}
	if called.Despite, err = campaigns.Despite(ctx, p.DB, c.OrganisationID, c.ID); err != nil {
		return called, err
	}
	if called.Records, err = ledger.Records(ctx, p.DB, c.OrganisationID); err != nil {
		return called, err
	}
	if called.Online, err = p.Online(ctx, c.OrganisationID); err != nil {
		return called, err
	}
	if called.Ways, err = campaigns.Ways(ctx, p.DB, called.Organisation, c.ID); err != nil {
		return called, err
	}
	all, err := others(ctx, p.DB, othersQuery{organisationID: c.OrganisationID, but: c.ID, limit: 6})
	called.Others = all
	return called, err
}

// NewCampaignPage builds the page of a campaign.
func NewCampaignPage(c Called) CampaignPage {
	o, plan := c.Organisation, c.Plan
	home := "/o/" + o.Slug
	p := CampaignPage{
		Public: page.Public{Title: plan.Title, Description: o.Name + "の募金。" + beginning(plan.Lead), Crumbs: []page.Link{{Href: home, Text: o.Name}}},
		Tag:    campaignTag(c.Campaign, plan, c.owed().DueOn, c.Today), Period: period(c.Campaign, plan, c.Today), Name: plan.Title, Lead: plan.Lead,
		People: people(c.Progress.People), Edition: plan.EditionName(), VersionOn: plan.PublishedOn(),
		OtherSources: plan.OtherSources, Uncovered: plan.Uncovered, Need: plan.Need,
		Margin:       "使いみちの間では、" + page.YenText(plan.Width()) + "円まで動かすことがあります。それより大きく変えるときは、寄付した方にたずねます。",
		CostsBorne:   costsBorne(plan, c.Online && !plan.OnPaper()),
		WhatIf:       []page.Pair{{Term: "足りなかったら", Text: plan.IfTooLittle}, {Term: "多く集まったら", Text: plan.IfTooMuch}, {Term: "中止したら", Text: plan.IfStopped}},
		Ways:         promise.Ways(c.Ways),
		Organisation: page.Link{Href: home, Text: o.Name + "のページ"}, Contact: contact(o), LawHref: home + "/law", LeafletHref: "/c/" + c.Campaign.Slug + "/leaflet.pdf", ShareHref: "/c/" + c.Campaign.Slug + "/share",
		Posters: campaignPosters(c.Campaign),
		TaxNote: taxNote(o, c.Today), RecordsHref: "/c/" + c.Campaign.Slug + "/records.csv",
	}
	if plan.Saying != "" {
		p.Motto = page.Motto{Text: plan.Saying, By: "代表　" + o.Representative}
	}
	p.onPaper(c)
	if giveable(c.Campaign, plan, c.Today) && c.Online && !plan.OnPaper() && !plan.Yenless() {
		p.GiveHref, p.GiveNote = "/c/"+c.Campaign.Slug+"/give", page.YenText(campaigns.OnlineMinimum)+"円から。登録はいりません。"
	}
	if c.Named > 0 {
		p.Names = strings.Join(c.Names, "、")
		if more := c.Named - len(c.Names); more > 0 {
			p.Names += fmt.Sprintf("、ほか%s人", page.Count(more))
		}
	}
	p.Total, p.Uses = bars(c.Progress)
	p.UsesNote = "線の長さは、それぞれの約束を100％にしています。届いたお金は、寄付した方が選んだ使いみちと、もう使った分に入れ、残りは上の使いみちから順に入れています。"
	p.Table = page.BarTable("使いみちごとの約束・届いた・使った・残り（"+page.Day(c.Today)+"）", p.Uses, p.Total)
	switch {
	case c.Progress.PendingFew:
		p.Pending = "申し込みがあり、まだ届いていない寄付が、少しあります。届くまで数えません。"
	case c.Progress.Pending > 0:
		p.Pending = "申し込みがあり、まだ届いていない寄付が、" + page.YenText(c.Progress.Pending) + "円あります。届くまで数えません。"
	}
	switch {
	case c.Progress.InKindFew:
		p.InKind = "品物などもいただきました。くださった方が少ないので、額は出しません。"
	case c.Progress.InKind > 0:
		p.InKind = "品物などで、" + page.YenText(c.Progress.InKind) + "円分をいただきました。上のお金には入れていません。"
	}
	p.Goals, p.Yenless = promise.Goals(c.Progress.Goals), plan.Yenless()
	if p.Yenless {
		p.Margin, p.CostsBorne, p.Ways, p.Posters = "", "", helpWays(c), nil
	}
	p.Helpers = helpers(c.Progress.Goals)
	p.standing(c)
	p.Proof = page.Proof{VerifyHref: logHref(o), Cells: []page.ProofCell{page.Sequence(int(c.Records)), reportCell(c)}}
	p.State, p.Despite = campaignState(c), despite(c)
	p.Promises = promisePairs(c.Duties, c.Today)
	if len(c.Reports) > 0 {
		p.Report = page.Link{Href: "/r/" + c.Reports[0], Text: "使いみちの報告を読む"}
	}
	p.Reports = rows(c.Others, c.Today)
	return p
}

func bars(p campaigns.Progress) (page.Bar, []page.Bar) {
	total := page.Bar{
		Name: "ぜんぶの使いみち", Total: true, Promised: p.Promised, Received: p.Carried + p.Received, Spent: p.Spent, Left: p.Left, Unchecked: p.Waiting,
	}
	total.Say = fmt.Sprintf("約束の%sが届き、そのうち%s円を使いました。", page.Percent(total.Received, total.Promised), page.YenText(p.Spent))
	if p.Spent == 0 {
		total.Say = fmt.Sprintf("約束の%sが届きました。まだ使っていません。", page.Percent(total.Received, total.Promised))
	}
	if total.Received == 0 {
		total.Say = "まだ届いていません。線だけが、約束です。"
	}
	var uses []page.Bar
	for i, u := range p.Uses {
		uses = append(uses, page.Bar{
			Number: strconv.Itoa(i + 1), Name: u.Name, How: u.Detail, Terms: terms(u.PlanUse), Promised: u.Amount, Received: u.Received,
			Spent: u.Spent, Left: u.Left, Unchecked: u.Waiting,
		})
	}
	return total, uses
}

func terms(u campaigns.PlanUse) []string {
	var list []string
	if u.Quantity > 0 && u.UnitPrice > 0 {
		list = append(list, page.Count(int(u.Quantity))+u.Unit+" × "+page.YenText(u.UnitPrice)+"円")
	}
	if !u.DueOn.IsZero() {
		list = append(list, page.DayOnly(u.DueOn)+"までに使います")
	}
	if u.Evidence != "" {
		list = append(list, u.Evidence+"で示します")
	}
	return list
}

// helpers counts those who gave hours or things, each time once; nothing is said of few.
func helpers(goals []campaigns.GoalProgress) page.Head {
	n := 0
	for _, g := range goals {
		n += g.Givers
	}
	if n < campaigns.Fewest {
		return page.Head{}
	}
	return page.Head{Count: n, Unit: "人"}
}

// helpWays are how one can help a call that asks for no yen: what takes things, and whom to ask.
func helpWays(c Called) []page.Pair {
	var ways []campaigns.Way
	for _, w := range c.Ways {
		if w.Kind == campaigns.WayThings {
			ways = append(ways, w)
		}
	}
	pairs := promise.Ways(ways)
	if c.Organisation.Phone != "" {
		pairs = append(pairs, page.Pair{Term: "手伝う", Tel: c.Organisation.Phone, Text: c.Organisation.PhoneHours})
	}
	return pairs
}

func people(p campaigns.People) page.People {
	return page.People{Persons: p.Persons, Households: p.Households, Companies: p.Companies, Nameless: p.Nameless, Fewest: campaigns.Fewest}
}

func giveable(c campaigns.Campaign, plan campaigns.Plan, today ledger.Date) bool {
	return (c.Status == campaigns.Open || c.Status == campaigns.Announced) && plan.Takes(today)
}

func campaignTag(c campaigns.Campaign, plan campaigns.Plan, owed, today ledger.Date) page.Tag {
	switch {
	case lateDays(owed, today) > 0:
		return lateTag(lateDays(owed, today))
	case c.Status == campaigns.Draft:
		return page.Tag{Kind: page.TagDraft, Text: "下書き"}
	case c.Status == campaigns.Stopped:
		return page.Tag{Kind: page.TagDone, Text: "やめました"}
	case c.Status == campaigns.Reported && !owed.IsZero():
		return page.Tag{Kind: page.TagDone, Text: "報告ずみ・つづく"}
	case c.Status == campaigns.Reported:
		return page.Tag{Kind: page.TagDone, Text: "報告ずみ"}
	case today.Before(plan.CollectsFrom):
		return page.Tag{Kind: page.TagWait, Text: "これから"}
	case giveable(c, plan, today) && plan.Standing:
		return page.Tag{Kind: page.TagOpen, Text: "常設・募金中"}
	case giveable(c, plan, today) && plan.Total() == 0:
		return page.Tag{Kind: page.TagOpen, Text: "募集中"}
	case giveable(c, plan, today):
		return page.Tag{Kind: page.TagOpen, Text: "募金中"}
	case plan.Standing && c.Status == campaigns.Open:
		return page.Tag{Kind: page.TagWait, Text: "常設・計画を待っています"}
	}
	return page.Tag{Kind: page.TagDone, Text: "募集おわり"}
}

// period says until when, and how many days that leaves.
func period(c campaigns.Campaign, plan campaigns.Plan, today ledger.Date) string {
	switch {
	case plan.Standing:
		return standingPeriod(c, plan, today)
	case plan.CollectsFrom.IsZero() || plan.CollectsUntil.IsZero():
		return ""
	case today.Before(plan.CollectsFrom):
		return page.Day(plan.CollectsFrom) + "から"
	case giveable(c, plan, today):
		return fmt.Sprintf("%sまで　あと%d日", page.Day(plan.CollectsUntil), plan.CollectsUntil.Sub(today)+1)
	}
	return page.Day(plan.CollectsUntil) + "に終わりました"
}

func costsBorne(plan campaigns.Plan, online bool) string {
	if !online {
		return ""
	}
	if plan.CostsBorneBy == campaigns.CostsUse {
		for _, u := range plan.Uses {
			if u.BearsCosts {
				return "カード・コンビニの手数料は「" + u.Name + "」から払います。"
			}
		}
	}
	return "カード・コンビニの手数料は、団体の自由に使えるお金から払います。寄付は全額がこの使いみちに入ります。"
}
