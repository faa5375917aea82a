package reports

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// HandoverTemplate names the layout rules of a hand-over.
const HandoverTemplate = "handover/v1"

// Handover is the paper with which a coordinator leaves a group: what is under way, which days come, and what somebody can do alone.
type Handover struct {
	Organisation ledger.Organisation
	From, To     string // empty as long as nobody took over
	Words        string
	EndsOn       ledger.Date // the coordinator's last day; zero: his role goes on
	Drafts       []HandoverDraft
	Days         []HandoverDay
	Steps        []HandoverStep
	At           time.Time
}

// HandoverDraft is one application under way.
type HandoverDraft struct {
	Title, Href, Holder, State, Due, Written, Turn string
	Notes                                          []string
}

// HandoverDay is a day that comes.
type HandoverDay struct {
	On   ledger.Date
	What string
}

// HandoverStep is one thing to be able to do alone.
type HandoverStep struct {
	Text string
	Done bool
}

// Document makes the paper.
func (h Handover) Document() document.Document {
	kicker := h.Organisation.Name
	d := document.Document{Meta: document.Meta{Title: "引きつぎ", Author: h.Organisation.Name, Subject: "申請の引きつぎ", Language: "ja", Template: HandoverTemplate, CreatedAt: h.At}}
	d.Blocks = document.Blocks{document.Title{Kicker: kicker, Text: "申請の引きつぎ"}, document.Paragraph{Text: document.Join(document.Day(ledger.DateOf(h.At)), document.Words("　現在"))}}
	if h.To != "" {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Strong(h.From + " から " + h.To + " へ")})
	}
	if h.Words != "" {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Words(h.Words)})
	}
	if !h.EndsOn.IsZero() {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Join(document.Words("コーディネーターの役目は、"), document.Day(h.EndsOn), document.Words("で終わります。"))})
	}
	d.Blocks = append(d.Blocks, document.Heading{Text: "書いている申請"})
	for _, draft := range h.Drafts {
		d.Blocks = append(d.Blocks, draft.blocks()...)
	}
	if len(h.Drafts) == 0 {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Words("ありません。")})
	}
	if len(h.Days) > 0 {
		days := document.Table{Name: "これからの日", Columns: []document.Column{{Head: "日", Weight: 3}, {Head: "すること", Weight: 7}}}
		for _, day := range h.Days {
			days.Rows = append(days.Rows, document.Row{Cells: []document.Text{document.Day(day.On), document.Words(day.What)}})
		}
		d.Blocks = append(d.Blocks, document.Heading{Text: "これからの日"}, days)
	}
	steps := make([]document.Text, len(h.Steps))
	for i, step := range h.Steps {
		box := "□ "
		if step.Done {
			box = "☑ "
		}
		steps[i] = document.Words(box + step.Text)
	}
	d.Blocks = append(d.Blocks, document.Heading{Text: "ひとりでできるように"}, document.List{Items: steps})
	return d
}

func (h HandoverDraft) blocks() document.Blocks {
	facts := document.Table{Name: h.Title, Columns: []document.Column{{Head: "項目", Weight: 3}, {Head: "いま", Weight: 7}}}
	for _, fact := range [][2]string{{"ようす", h.State}, {"締切", h.Due}, {"書けたところ", h.Written}, {"持っている人", h.Holder}, {"だれの番か", h.Turn}} {
		if fact[1] != "" {
			facts.Rows = append(facts.Rows, document.Row{Cells: []document.Text{document.Words(fact[0]), document.Words(fact[1])}})
		}
	}
	for _, note := range h.Notes {
		facts.Rows = append(facts.Rows, document.Row{Cells: []document.Text{document.Words("すること"), document.Words(note)}})
	}
	return document.Blocks{document.Heading{Text: h.Title, Sub: true}, facts}
}
