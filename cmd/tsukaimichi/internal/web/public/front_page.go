package public

import "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"

// FrontPage is the list of campaigns of all organisations, with a search box.
type FrontPage struct {
	page.Public
	Asked  bool // something was searched for: the words about the program give way to what was found
	Search page.Search
	Found  string // 12件の募金; 「配食」で3件
	Rows   []page.ListRow
	None   page.Empty
	Pager  page.Pager
}

// Template names the page.
func (FrontPage) Template() string { return "public/front" }
