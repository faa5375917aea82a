package public

import (
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// OrganisationPage is a group: its campaigns, this year's money from all sources, what is left and whose it is, its papers.
type OrganisationPage struct {
	page.Public
	Place, Since string // あおば県…, 2014年から
	Name         string
	Lead         string
	Motto        page.Motto
	Notices      []page.Notice // a report that is late, a campaign that was stopped

	Campaigns []page.ListRow
	NoneYet   page.Empty

	Promises Promises // of reports: kept, late and open
	Vetted   Vetted

	Unasked  page.Pair // gifts nobody asked for; no term where there are none
	YearNote string    // 2026年4月1日から11月24日まで。
	In, Out  page.Shares
	Left     page.Agree

	Proof     page.Proof
	Documents []page.Document
	Contact   []page.Pair
	LawHref   string
	TraceHref string          // where a receipt shows its gift
	Data      []page.Document // to take away
}

// Template names the page.
func (OrganisationPage) Template() string { return "public/organisation" }
