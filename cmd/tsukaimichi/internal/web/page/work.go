package page

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Task is one thing to do today.
type Task struct {
	Tag  Tag
	Late string // beside the tag: 24日すぎています
	What string
	Note string
	Act  Link
	Main bool // the one filled button of the page
}

// Journal is the money in and out of a month.
type Journal struct {
	Label string // names the list: 2026年11月の出入り
	Month string
	In    ledger.Yen
	Out   ledger.Yen
	Lines []JournalLine
}

// JournalLine is a transaction as a line of the journal.
type JournalLine struct {
	On     ledger.Date
	What   string
	Href   string
	Out    bool // money out; otherwise in
	Amount ledger.Yen
	Where  []string // with whom, which fund and use, which evidence
	Tag    Tag
}

// Pager leads through a long list. Empty links are left out.
type Pager struct {
	Before Link
	After  Link
	Say    string // 41〜60件目／132件
}

// Search is the box over a list. What was asked stays in it.
type Search struct {
	Post   bool // sent in the body: the words may be names, which do not belong into addresses
	Action string
	Label  string // of the region: 募金をさがす
	Name   string // of the field
	Value  string
	Hint   string // 団体・町の名前・ことば
	Kinds  []Select
	More   []Field // lines beside the words: an area
}

// Select is a choice in a search box or a form with few words.
type Select struct {
	Name, Label string
	Options     []Option
}
