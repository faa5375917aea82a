package public

import (
	"html/template"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// ReportPage is the frame around a published report. The report brings its own h1.
type ReportPage struct {
	page.Public
	Tag      page.Tag
	Edition  string       // 第2版（訂正版）・2026年10月15日
	State    *page.Notice // superseded, taken back; nil for the report in force
	Body     template.HTML
	Paper    page.Link       // PDF, with size
	Sheets   []page.Document // for walls and for going round
	Records  page.Link       // CSV
	Editions []page.Pair
	Number   string // of the report
	Print    string // SHA-256 of the file, in hex
	Contact  []page.Pair
	Proven   []Proven  // lines of the list with copies of their papers
	Asked    []Asked   // questions with their answers
	AskHref  string    // empty where nothing can be asked
	Share    page.Link // what to take along: the panel, the data
}

// Template names the page.
func (ReportPage) Template() string { return "public/report" }
