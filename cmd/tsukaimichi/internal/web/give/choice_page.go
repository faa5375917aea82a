package give

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	words "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ChoicePage is where a giver says what becomes of his share, by his own link.
type ChoicePage struct {
	page.Public
	Tag      page.Tag
	Heading  string
	Lead     string
	Said     *page.Notice // his answer, or what was decided
	Reason   string
	Stopped  string // of a stop: what was promised for that case
	Diff     page.PlanDiff
	More     page.Link // the public page of the difference
	Share    ledger.Yen
	Until    ledger.Date
	Problems page.Problems
	Action   string // empty once it is decided
	Answer   page.Choices
	Back     string // how a share goes back
	Help     []page.Pair
}

// Template names the page.
func (ChoicePage) Template() string { return "give/choice" }

// NewChoicePage builds the page. wrong is what is to be put right.
func NewChoicePage(q Question, wrong map[string]string) ChoicePage {
	form := page.NewForm(nil, wrong)
	options := words.Options(q.Change, q.Next, q.To)
	p := ChoicePage{
		Public: page.Public{Title: "あなたの分をどうするか", Private: true, NeedsFix: len(wrong) > 0, Crumbs: []page.Link{{Href: "/c/" + q.Campaign.Slug, Text: q.Next.Title}}},
		Tag:    page.Tag{Kind: page.TagWait, Text: "おたずねしています"}, Heading: "使いみちの変更について、おたずねします",
		Lead:  "「" + q.Next.Title + "」に寄付してくださった方へ。使いみちを、大きく変えたいと考えています。",
		Share: q.Ask.Amount, Until: q.Change.DecidesOn, Reason: q.Change.Reason,
		Back: "カード・コンビニで払った分は、決済会社（Stripe）から返します。現金や振込の分は、団体が連絡して返します。返した分の領収書は、取り消しになります。",
	}
	if q.Change.Kind == campaigns.ChangeStop {
		p.Heading, p.Reason, p.Stopped = "中止した募金の残りについて、おたずねします", "", q.Before.IfStopped
		p.Lead = "「" + q.Next.Title + "」は、とちゅうでやめることになりました。おわびします。"
	} else {
		p.Diff = words.Diff(campaigns.DiffPlans(q.Before, q.Next))
		p.More = page.Link{Href: fmt.Sprintf("/c/%s/plan/%d", q.Campaign.Slug, q.Change.Version), Text: "みんなが見るページで読む"}
	}
	if q.Takes {
		p.Action = q.Action
		p.Answer = form.Choices(page.Choices{Name: "answer", Label: "あなたの分をどうするか", Value: words.Value(q.Ask), Options: options})
	}
	p.Problems = form.Problems()
	p.Said = said(q, words.Say(q.Ask, options))
	if !q.Takes {
		p.Tag = page.Tag{Kind: page.TagDone, Text: "決まりました"}
	}
	if q.Organisation.Phone != "" {
		p.Help = append(p.Help, page.Pair{Term: "電話で答える・聞く", Text: q.Organisation.PhoneHours, Tel: q.Organisation.Phone})
	}
	p.Help = append(p.Help, page.Pair{Term: "使われ方が心配", Link: page.Link{Href: "/o/" + q.Organisation.Slug + page.MisusePath, Text: "できることを読む"}})
	return p
}

// said is the answer that was given, or what became of it.
func said(q Question, answer string) *page.Notice {
	switch {
	case q.Change.Status == campaigns.Withdrawn:
		return &page.Notice{Head: "この変更は、取り下げました", Text: "前の約束を、そのままつづけます。答えてくださった方、ありがとうございました。"}
	case !q.Takes:
		text := "あなたの分：" + answer
		if q.Ask.Told == "" {
			text += "（お答えがなかったので、はじめにお知らせしたとおりにします）"
		}
		return &page.Notice{Head: page.Day(q.Change.DecidesOn) + "で、しめきりました", Text: text}
	case q.Ask.Told != "":
		return &page.Notice{Tag: page.Tag{Kind: page.TagDone, Text: "お答え"}, Head: answer, Text: "受け取りました。" + page.Day(q.Change.DecidesOn) + "まで、下で変えられます。"}
	}
	return nil
}
