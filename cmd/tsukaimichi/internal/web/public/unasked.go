package public

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// UnaskedPage is the gifts nobody asked for: what came, what the group decided to use it for, and what became of that.
type UnaskedPage struct {
	page.Public
	Organisation string
	Heads        []page.Head // how many, before any yen
	Came         []page.Pair
	CameNote     string
	Sums         page.Agree // empty where so few gave that their gifts could be guessed
	Decisions    []DecisionRow
	Contact      []page.Pair
}

// Template names the page.
func (UnaskedPage) Template() string { return "public/unasked" }

// DecisionRow is one decision with its line and its report.
type DecisionRow struct {
	Tag    page.Tag
	Name   string
	Pairs  []page.Pair
	Bar    page.Bar // of a use; no name of a transfer
	Did    string
	Rest   string
	Figure string // the figures as they were published
}

// Unasked answers /o/{slug}/gifts.
func (p *Pages) Unasked(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(ctx context.Context) (page.Page, error) {
		id, _, err := ledger.FindSlug(ctx, p.DB, ledger.SlugOrganisation, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		o, err := ledger.FindOrganisation(ctx, p.DB, id)
		if err != nil {
			return nil, err
		}
		u, err := campaigns.FindUnasked(ctx, p.DB, id)
		if err != nil {
			return nil, err
		}
		decisions, err := campaigns.Decisions(ctx, p.DB, id)
		if err != nil {
			return nil, err
		}
		return NewUnaskedPage(o, u, decisions, p.today()), nil
	})
}

// NewUnaskedPage builds the page.
func NewUnaskedPage(o ledger.Organisation, u campaigns.Unasked, decisions []campaigns.Decision, today ledger.Date) UnaskedPage {
	p := UnaskedPage{Organisation: o.Name, Contact: contact(o),
		Public: page.Public{Title: "募金ではない寄付", Description: o.Name + "に届いた、募金ではない寄付と、その使いみち。", Crumbs: []page.Link{{Href: "/o/" + o.Slug, Text: o.Name}}}}
	if u.Gifts > 0 {
		p.Heads = []page.Head{{Count: u.Gifts, Unit: "件"}}
	}
	for _, m := range u.Months {
		text := page.Count(m.Gifts) + "件"
		if !m.Few() {
			text += "　" + page.YenText(m.Amount) + "円"
		}
		p.Came = append(p.Came, page.Pair{Term: monthsText(m), Text: text})
	}
	p.CameNote = "寄付した方が5人より少ない月は、次の月といっしょに出します。"
	if u.Few() {
		p.CameNote = "寄付した方が5人より少ないので、金額は出しません。"
	} else if u.Gifts > 0 {
		p.Sums = page.Agree{{Name: "届いた寄付", Amount: u.Amount}, {Name: "使いみちを決めた分", Amount: -u.Decided, Signed: true}, {Name: "まだ決めていない分", Amount: u.Amount - u.Decided, Sum: true}}
	}
	for _, d := range decisions {
		p.Decisions = append(p.Decisions, decisionRow(d, today))
	}
	return p
}

func monthsText(m campaigns.UnaskedMonths) string {
	text := fmt.Sprintf("%d年%d月", m.From.Year(), m.From.Month())
	if m.Until != m.From {
		text += fmt.Sprintf("から%d年%d月まで", m.Until.Year(), m.Until.Month())
	}
	return text
}

func decisionRow(d campaigns.Decision, today ledger.Date) DecisionRow {
	row := DecisionRow{Name: d.Purpose, Pairs: []page.Pair{{Term: "決めた日", Text: page.DayOnly(d.DecidedOn)}, {Term: "決めたところ", Text: d.DecidedBy}}}
	if d.CampaignID > 0 {
		row.Tag = page.Tag{Kind: page.TagDone, Text: "募金へ移しました"}
		row.Pairs = append(row.Pairs, page.Pair{Term: "金額", Text: page.YenText(d.Amount) + "円", Strong: true},
			page.Pair{Term: "移した先", Text: "使いみちは、募金のページで報告します。", Link: page.Link{Href: "/c/" + d.Slug, Text: d.Title}})
		return row
	}
	row.Pairs = append(row.Pairs, page.Pair{Term: "いつまでに使うか", Text: page.DayOnly(d.DueOn) + "まで"})
	row.Bar = page.Bar{Name: d.Purpose, Promised: d.Amount, Received: d.Amount, Spent: d.Spent, Left: d.Amount - d.Spent}
	switch late := d.Late(today); {
	case d.Report != nil:
		row.Tag, row.Did, row.Rest = page.Tag{Kind: page.TagDone, Text: "報告ずみ"}, d.Report.Did, d.Report.Rest
		row.Figure = fmt.Sprintf("%sに報告しました。そのとき使ったお金は%s円です（記録 第%s番まで）。", page.DayOnly(ledger.DateOf(d.Report.At)), page.YenText(d.Report.Spent), page.Count(int(d.Report.Records)))
	case late > 0:
		row.Tag = lateTag(late)
	default:
		row.Tag = page.Tag{Kind: page.TagOpen, Text: "使っています"}
	}
	return row
}
