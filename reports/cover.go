package reports

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// CoverTemplate names the layout rules of a cover letter.
const CoverTemplate = "cover/v1"

// Cover is the letter that lies on top of an application: 送付状.
type Cover struct {
	Organisation ledger.Organisation
	To           string   // the funder; empty when nobody said
	Title        string   // of the application
	Enclosed     []string // what lies below, in order
	At           time.Time
}

// Document makes the letter.
func (c Cover) Document() document.Document {
	d := document.Document{Meta: document.Meta{Title: "送付状", Author: c.Organisation.Name, Subject: c.Title, Language: "ja", Template: CoverTemplate, CreatedAt: c.At}}
	to := c.To
	if to == "" {
		to = "（あて先）"
	}
	from := c.Organisation.Name
	for _, line := range []string{c.Organisation.Representative, c.Organisation.Address, c.Organisation.Phone} {
		if line != "" {
			from += "\n" + line
		}
	}
	enclosed := make([]document.Text, len(c.Enclosed))
	for i, name := range c.Enclosed {
		enclosed[i] = document.Words(name)
	}
	d.Blocks = document.Blocks{
		document.Title{Text: "申請書類の送付について"},
		document.Paragraph{Text: document.Day(ledger.DateOf(c.At))}, document.Paragraph{Text: document.Strong(to + " 御中")}, document.Paragraph{Text: document.Words(from)},
		document.Paragraph{Text: document.Words("いつもお世話になっております。「" + c.Title + "」の書類を、下のとおりお送りします。ご確認くださいますよう、お願いいたします。")},
		document.Heading{Text: "同封の書類"}, document.List{Items: enclosed}, document.Paragraph{Text: document.Words("以上")},
	}
	return d
}
