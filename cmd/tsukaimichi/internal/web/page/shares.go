package page

import (
	"html/template"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Shares is money by its source or by its use, one bar a row. Two Shares beside each other have the same Scale.
type Shares struct {
	Rows  []Share
	Total Share
	Scale ledger.Yen // what 100 % is
	Out   bool       // money out is drawn in ink, money in in the accent
}

// Share is one row.
type Share struct {
	Name, Note string
	Amount     ledger.Yen
	Drawn      template.HTML // filled by Draw
}

// Draw fills in the bars; a page builder calls it last.
func (s Shares) Draw() Shares {
	class := "bar__in"
	if s.Out {
		class = "bar__alt"
	}
	rows := make([]Share, len(s.Rows))
	for i, row := range s.Rows {
		row.Drawn = shareBar(class, hundredths(row.Amount, s.Scale))
		rows[i] = row
	}
	s.Rows = rows
	return s
}

func shareBar(class string, width int64) template.HTML {
	return template.HTML(`<svg width="100%" height=".75em" aria-hidden="true"><rect class="bar__base" x="0" y=".06em" width="100%" height=".62em"/>` +
		`<rect class="` + class + `" x="0" y=".06em" width="` + percentage(width) + `" height=".62em"/></svg>`)
}

// Agree is a sum that has to come out: book against bank, what there is and whose it is.
type Agree []AgreeRow

// AgreeRow is one line of it. A sum is set apart; Zero is the line that has to be zero and is written large.
type AgreeRow struct {
	Name   string
	Amount ledger.Yen
	Signed bool // shows + as well
	Sum    bool
	Zero   bool
}
