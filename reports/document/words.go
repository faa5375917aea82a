package document

// Title is the head of the paper; there is one, and it comes first.
type Title struct {
	Kicker  string `json:"kicker,omitzero"` // above: who reports and what
	Text    string `json:"text"`            // "\n" chooses where it may turn
	Edition Text   `json:"edition,omitempty"`
}

// Addressee is whom a receipt or a letter is for. The name is printed as it was written, in whatever letters.
type Addressee struct {
	Name      string `json:"name"`
	Honorific string `json:"honorific"` // 様, 御中
}

// Heading opens a section.
type Heading struct {
	Text string `json:"text"`
	Sub  bool   `json:"sub,omitzero"`  // opens a part of the section
	Note string `json:"note,omitzero"` // a quiet line that belongs to the heading
}

// Paragraph is running text.
type Paragraph struct {
	Text  Text `json:"text"`
	Quiet bool `json:"quiet,omitzero"` // a remark, in the soft ink
	Keep  bool `json:"keep,omitzero"`
}

// Note is a box: what the reader must know before going on.
type Note struct {
	Title  string `json:"title"`
	Texts  []Text `json:"texts,omitempty"`
	Attend bool   `json:"attend,omitzero"` // on the warm ground: something is not as it should be
	Keep   bool   `json:"keep,omitzero"`
}

// Rule is a thin line across.
type Rule struct{}

// PageBreak begins a new sheet on paper. It means nothing on screen, and is an error in a one-page edition.
type PageBreak struct{}

// Kind names the block.
func (Title) Kind() string { return "title" }

// Kind names the block.
func (Addressee) Kind() string { return "addressee" }

// Kind names the block.
func (Heading) Kind() string { return "heading" }

// Kind names the block.
func (Paragraph) Kind() string { return "paragraph" }

// Kind names the block.
func (Note) Kind() string { return "note" }

// Kind names the block.
func (Rule) Kind() string { return "rule" }

// Kind names the block.
func (PageBreak) Kind() string { return "page_break" }

// KeepsWithNext is true: a title alone at the foot of a page heads nothing.
func (Title) KeepsWithNext() bool { return true }

// KeepsWithNext is true: it belongs to what is said to them.
func (Addressee) KeepsWithNext() bool { return true }

// KeepsWithNext is true for a heading.
func (Heading) KeepsWithNext() bool { return true }

// KeepsWithNext is as the writer says.
func (p Paragraph) KeepsWithNext() bool { return p.Keep }

// KeepsWithNext is as the writer says.
func (n Note) KeepsWithNext() bool { return n.Keep }

// KeepsWithNext is true: a rule belongs to what it opens.
func (Rule) KeepsWithNext() bool { return true }

// KeepsWithNext is false: it is the break.
func (PageBreak) KeepsWithNext() bool { return false }
