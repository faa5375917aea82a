package reports

import (
	"fmt"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// The layout rules of the posters.
const (
	PosterTemplate         = "usage-poster/v1"
	CampaignPosterTemplate = "poster/v1"
)

// Poster makes the report as a poster: the people first, the line of all uses and a line for each, and the code of the report. The editions come
// from the fullest to the shortest, as those of OnePage.
func (u Usage) Poster() []document.Document {
	lines := u.editions(PosterTemplate, func(b brevity) document.Blocks { b.short = true; return u.poster(b, u.useLines(b)) })
	tables := u.editions(PosterTemplate, func(b brevity) document.Blocks { b.short = true; return u.poster(b, u.useTable(b)) })
	editions := make([]document.Document, 0, 2*len(steps))
	for i := range steps {
		if steps[i].letters < MaxText { // a poster has few words from the beginning
			editions = append(editions, lines[i], tables[i])
		}
	}
	return editions
}

func (u Usage) poster(b brevity, uses document.Blocks) document.Blocks {
	blocks := append(u.head("　使いみちの報告"), u.shortGlance(b)...)
	blocks = append(blocks, uses...)
	if b.text(u.Content.Rest) != "" && u.Figures.Progress.Left != 0 {
		blocks = append(blocks, document.Paragraph{Text: u.restInShort(b)})
	}
	return append(blocks, document.Footer{QR: u.URL, Lines: u.posterLines(b)})
}

func (u Usage) posterLines(b brevity) []document.Text {
	var lines []document.Text
	if u.Content.Auditor != "" {
		lines = append(lines, document.Join(document.Words("監事が確かめました　"), document.Day(u.Content.AuditedOn)))
	}
	say := func(text string) {
		if text != "" {
			lines = append(lines, document.Words(text))
		}
	}
	say(u.askLine(b))
	if u.URL != "" && !b.bare {
		lines = append(lines, document.Strong("くわしい報告は、右のコードから"))
	}
	for _, line := range u.checkLines(b) {
		if !strings.HasPrefix(line, comparePlace) { // the report's page leads there
			say(line)
		}
	}
	return lines
}

// useLines are the lines of the uses, label and amounts on one line.
func (u Usage) useLines(b brevity) document.Blocks {
	if b.uses == 0 {
		return nil
	}
	own, others := b.parted(u.Figures.Progress.Uses)
	if others.Name != "" {
		own = append(own[:len(own):len(own)], others)
	}
	var blocks document.Blocks
	for _, use := range own {
		blocks = append(blocks, document.Bar{Label: use.Name, Promised: use.Amount, Received: use.Received, Spent: use.Spent,
			Left: use.Received - use.Spent, Settled: u.final(), Brief: true})
	}
	if spent := u.Figures.Progress.NoUse; spent != 0 {
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Words(noUse+"　"), document.Yen(spent))})
	}
	return blocks
}

// Call is what a campaign asks for, as its poster says it.
type Call struct {
	Organisation ledger.Organisation
	Ways         []campaigns.Way // to give without a payment service
	Plan         campaigns.Plan
	People       campaigns.People // who gave so far
	URL          string
	Online       bool        // card and konbini are taken
	On           ledger.Date // the day of the people's number
	At           time.Time
}

// Posters are the editions of a campaign's poster, the fullest first: who took part, what it is for, how to give, and whom to ask, which is the
// group itself. Prices, conditions and rules are on its page.
func (c Call) Posters() []document.Document {
	var editions []document.Document
	for _, uses := range []int{everyUse, 10, 7, 5, 3, 1} {
		for _, b := range []brevity{{uses: uses, letters: 80}, {uses: uses}} {
			editions = append(editions, c.poster(b))
		}
	}
	return editions
}

func (c Call) poster(b brevity) document.Document {
	kicker := c.Organisation.Name + "　募金のおねがい"
	if c.Organisation.Practice {
		kicker = practiceMark + "お金は動きません　" + strings.TrimPrefix(kicker, practiceMark)
	}
	blocks := document.Blocks{document.Title{Kicker: kicker, Text: c.Plan.Title}}
	if lead := b.text(c.Plan.Lead); lead != "" {
		blocks = append(blocks, document.Paragraph{Text: document.Words(lead)})
	}
	if c.People != (campaigns.People{}) {
		blocks = append(blocks, peopleBlock(c.People, fmt.Sprintf("%d月%d日までに参加した人", int(c.On.Month()), c.On.Day())))
	}
	blocks = append(blocks, c.uses(b)...)
	until := leafletUntil(c.Plan)
	until.Large = false
	facts := document.Facts{Items: []document.Fact{until}}
	for _, way := range leafletWays(c.Ways, c.Online, false) {
		if ways, is := way.(document.Facts); is {
			facts.Items = append(facts.Items, ways.Items...)
		}
	}
	blocks = append(blocks, facts)
	lines := []document.Text{document.Strong("くわしい約束と、寄付のしかたは、右のコードから"), document.Words("ご寄付は任意です。登録はいりません。")}
	if contact := contactLine(c.Organisation); contact != "" {
		lines = append([]document.Text{document.Words("問い合わせ　" + contact)}, lines...)
	}
	return document.Document{
		Meta: document.Meta{Title: c.Plan.Title, Author: c.Organisation.Name, Subject: "募金のポスター", Language: "ja", Template: CampaignPosterTemplate,
			URL: c.URL, CreatedAt: c.At},
		Blocks: append(blocks, document.Footer{QR: c.URL, Lines: append(lines, document.Words(c.URL))}),
	}
}

// uses are the stated uses with their amounts.
func (c Call) uses(b brevity) document.Blocks {
	table := document.Table{Name: "お金の使いみち。単位は円。", Columns: []document.Column{{Weight: 1}, {End: true}}}
	planned := make([]campaigns.UseProgress, len(c.Plan.Uses))
	for i, use := range c.Plan.Uses {
		planned[i].PlanUse = use
	}
	own, others := b.parted(planned)
	if others.Name != "" {
		own = append(own[:len(own):len(own)], others)
	}
	for _, use := range own {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{document.Words(use.Name), document.Bare(use.Amount)}})
	}
	table.Rows = append(table.Rows, document.Row{Total: true, Bold: true, Cells: []document.Text{document.Words("めざす金額"), document.Bare(c.Plan.Total())}})
	return document.Blocks{document.Heading{Text: "集める前に決めた使いみち（円）"}, table}
}
