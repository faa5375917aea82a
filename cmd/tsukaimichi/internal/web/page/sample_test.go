package page_test

import (
	"embed"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

//go:embed testdata/templates/*.html
var testFiles embed.FS

// catalogue shows every component once; it is also the page to look at when a component is changed.
type catalogue struct {
	page.Console
	Total    page.Bar
	Uses     []page.Bar
	Table    page.Table
	People   page.People
	Proof    page.Proof
	Bare     page.Proof
	Shares   page.Shares
	Years    page.Years
	Agree    page.Agree
	Pairs    []page.Pair
	Tags     []page.Tag
	Notice   page.Notice
	Steps    []page.Step
	Slip     page.Slip
	List     []page.ListRow
	Docs     []page.Document
	Empty    page.Empty
	Motto    page.Motto
	Tasks    []page.Task
	Journal  page.Journal
	Pager    page.Pager
	Search   page.Search
	Problems page.Problems
	Amount   page.Field
	Text     page.Field
	List2    page.Field
	Show     page.Choices
	Agreed   page.Tick
}

func (catalogue) Template() string { return "catalogue/all" }
