package page

// Pair is a fact with its name. Text keeps its line breaks; a telephone number can be pressed and has its hours in
// Text; the link stands at the end.
type Pair struct {
	Term   string
	Text   string
	Tel    string
	Mail   string
	Link   Link
	Strong bool
	Name   bool // of somebody, or where they are: nobody puts readings over it or translates it
}

// Tag is a state in one word; shape and word say it, colour only helps. The zero Tag is none.
type Tag struct {
	Kind TagKind
	Text string
}

// TagKind is the shape of a tag.
type TagKind string

// The five shapes: ● going on, ✓ done, ▲ late, ○ waiting for somebody, and a draft.
const (
	TagOpen  TagKind = "open"
	TagDone  TagKind = "done"
	TagLate  TagKind = "late"
	TagWait  TagKind = "wait"
	TagDraft TagKind = "draft"
)

// Notice is something the reader has to know before going on.
type Notice struct {
	Tag    Tag
	Head   string
	Text   string // keeps its line breaks
	Link   Link
	Attend bool // on the quiet yellow: needs attention
	Alert  bool // answers what was just asked for: is read out, and has the focus
}

// Step is one event of a chain.
type Step struct {
	Text, Note string
	Done, Now  bool
}

// Slip is what to take along: an amount and the facts of a payment that is still to be made.
type Slip struct {
	Head   string
	Amount string // 3,000, without unit
	Pairs  []Pair
	Main   Link // the one button
	Other  Link
}

// ListRow is a campaign, a report or the like in a list.
type ListRow struct {
	Tag    Tag
	Name   string
	Href   string
	Note   string
	Strong string // people
	Text   string // figures in a sentence; keeps its line breaks
}

// Document is a paper with its day.
type Document struct {
	Link Link
	Note string
}

// Empty is said where a list has nothing to show: what there is not, and what will bring it.
type Empty struct {
	Text string
	Link Link
}

// Motto is the group's own sentence, upright on wide paper; at most two lines, one per page.
type Motto struct {
	Text, By string
}
