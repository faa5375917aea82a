package public

import (
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// CampaignPage is a campaign: who asks, who took part, the promise and what became of it, how we know, why, and what if.
type CampaignPage struct {
	page.Public
	Tag    page.Tag
	Period string // 2026年12月20日（日）まで; 2027年1月10日から
	Name   string
	Lead   string
	Motto  page.Motto

	GiveHref string       // empty while nothing can be given
	GiveNote string       // 500円から。登録はいりません。
	Paper    *page.Notice // its promise stands on paper alone; nil otherwise
	State    *page.Notice // announced, closed, late, stopped: what that means; nil while open
	Despite  *page.Notice // why it asks although another report is owed; nil where none is
	Asking   *page.Notice // givers are asked about a change; nil while they are not
	Outcome  promise.Outcome

	People     page.People
	PeopleNote string
	Names      string // of those who wished to be seen, in the order of a dictionary

	Goals      []page.Bar // people, meals, hours, things: before any yen
	Yenless    bool       // it asks for no yen
	Helpers    page.Head  // who gave hours or things; no unit where there are none to tell
	Year       string     // of a standing call: which year this is, in sentences
	Total      page.Bar
	Uses       []page.Bar
	UsesNote   string // which scale the lines have, how what came in is shared among them
	Table      page.Table
	Pending    string // payments still under way, in a sentence
	InKind     string // gifts in kind, in a sentence
	Edition    string // 第2版
	VersionOn  ledger.Date
	Scan       page.Link    // of a call that began on paper: what was handed out
	Versions   []VersionRow // the versions before, the latest first
	Margin     string       // 流用の幅, in a sentence
	CostsBorne string       // who bears the processing costs, in a sentence

	News       []page.Update // the latest
	MoreNews   page.Link
	Follow     page.Link // empty once the campaign is over
	FollowMail page.Field

	OtherSources string
	Uncovered    string

	Proof       page.Proof
	RecordsHref string // the list of its entries

	Need     string
	WhatIf   []page.Pair    // too little, too much, stopped
	Ways     []page.Pair    // ways to give that need no screen
	Promises []page.Pair    // of its reports, from the second on
	Report   page.Link      // its own report, once there is one
	Reports  []page.ListRow // of the organisation's other campaigns

	Organisation page.Link
	Contact      []page.Pair
	LawHref      string
	TaxNote      string
	LeafletHref  string
	Posters      []page.Document // none when nothing is asked for any more
	ShareHref    string          // what to take along: the panel, the data
}

// Template names the page.
func (CampaignPage) Template() string { return "public/campaign" }

// VersionRow is an earlier version of the plan.
type VersionRow struct {
	Name   string // 第1版
	On     ledger.Date
	Reason string // why it was changed
	Href   string // with the difference to the next
}
