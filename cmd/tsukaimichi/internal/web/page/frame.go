package page

// Site is what every page of this installation has in common.
type Site struct {
	// Operator is who runs the installation, with the telephone number (and its hours) and mail address for readers. Empty parts are left out.
	Operator      string
	OperatorTel   string
	OperatorHours string
	OperatorMail  string
	// Practice marks every page as 練習; PracticeLinks lead to the clock, the mailbox and the like.
	Practice      bool
	PracticeLinks []Link
}

// MisusePath is where a reader finds what he can do when money seems to be misused. The foot of every page leads there.
const MisusePath = "/misuse"

// Link is an address with its words. The zero Link is no link.
type Link struct {
	Href string
	Text string
	Note string // said beside it: a day, a size
}

// Public is the frame of a page for everybody.
type Public struct {
	Title       string  // of the window; the page shows its own h1
	Description string  // one sentence for search results; may be empty
	Current     string  // the path of the entry of the main navigation this page is, if any
	Private     bool    // known to one person: not for search machines, the address is told to nobody
	NeedsFix    bool    // a form came back with problems: said first in the title
	Crumbs      []Link  // the way up, the outermost first
	Preview     Preview // what is shown where the address is passed on; the zero Preview is nothing
}

// Preview is a page as other programs show its address: whole addresses, and what the picture says for those who do not see it.
type Preview struct {
	Href, Title, Description, Image, Alt string
}

// Layout is the frame for everybody.
func (Public) Layout() string { return "layout/public" }

// Console is the frame of a page for members of an organisation and coordinators.
type Console struct {
	Title        string
	Organisation string // its name; empty above all organisations
	Role         string // 会計, 代表 …
	Person       string
	Home         string // path the wordmark leads to: the first entry of the navigation
	NavLabel     string // 団体の仕事 if empty
	Nav          []NavItem
	NeedsFix     bool
	Crumbs       []Link
	Done         string // what has just been done, told once after the redirect: 領収書を3通出しました。
}

// Layout is the frame for members.
func (Console) Layout() string { return "layout/console" }

// NavItem is one entry of the navigation.
type NavItem struct {
	Href    string
	Text    string
	Current bool
}

// Section is an entry of the members' navigation.
type Section int

// The sections of an organisation's work, in the order of the navigation.
const (
	NoSection Section = iota
	Today
	Campaigns
	Money
	Book
	Reports
	Grants // plans, calls and applications
	Settings
)

// MemberNav is the navigation of a member; home is the path of the organisation's console without a slash at its end.
func MemberNav(home string, current Section) []NavItem {
	return []NavItem{
		{home, "今日の仕事", current == Today},
		{home + "/campaigns", "募金", current == Campaigns},
		{home + "/money", "お金の出入り", current == Money},
		{home + "/book", "帳簿", current == Book},
		{home + "/reports", "報告", current == Reports},
		{home + "/plans", "計画・助成", current == Grants},
		{home + "/settings", "設定", current == Settings},
	}
}
