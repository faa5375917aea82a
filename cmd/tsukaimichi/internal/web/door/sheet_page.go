package door

import (
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// SheetPage says what the recovery sheet is for and has the button that makes one.
type SheetPage struct {
	page.Console
	Note string
	Old  bool // there is one, which the new one voids
}

// Template names the page.
func (SheetPage) Template() string { return "door/sheet" }

// PaperPage is the recovery sheet itself, to be printed or copied by hand.
type PaperPage struct {
	page.Console
	Name  string
	Site  string
	Made  string
	Codes []Number
}

// Template names the page.
func (PaperPage) Template() string { return "door/paper" }

// Number is a number of the sheet in two lines of three groups, so that it fits a telephone in large type.
type Number struct{ First, Second []string }

func newSheetPage(p auth.Person, s auth.Sheet) SheetPage {
	return SheetPage{Console: frame(p, "困ったときの紙", toAccount), Note: sheetNote(s), Old: s.Left > 0}
}

func newPaperPage(p auth.Person, codes []seal.Secret, site string, on ledger.Date) PaperPage {
	paper := PaperPage{Console: frame(p, "困ったときの紙", toAccount), Name: p.Name, Site: site, Made: page.DayOnly(on)}
	for _, code := range codes {
		groups := strings.Fields(code.Reveal())
		half := len(groups) / 2
		paper.Codes = append(paper.Codes, Number{groups[:half], groups[half:]})
	}
	return paper
}
