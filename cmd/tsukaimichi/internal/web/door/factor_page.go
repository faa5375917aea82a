package door

import "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"

// FactorForm asks for what the person can show.
type FactorForm struct {
	Some          bool   // there is anything
	Typed         bool   // there is something to type
	PasskeyOrigin string // where the person's passkeys work; "" without any
	Practice      bool   // a button stands for all of it
	Code          page.Field
	Problems      page.Problems
}

// ConfirmPage asks for the second factor, or leads to setting one up.
type ConfirmPage struct {
	page.Console
	Factor FactorForm
	Next   string
	Origin string // where a passkey can be made
}

// Template names the page.
func (ConfirmPage) Template() string { return "door/confirm" }

// HeldPage asks for the second factor before a form that has already been sent.
type HeldPage struct {
	page.Console
	Factor  FactorForm
	Action  string
	Fields  []HeldField
	Written page.Written // for who cannot show any
}

// Template names the page.
func (HeldPage) Template() string { return "door/held" }

// HeldField is something that was typed.
type HeldField struct{ Name, Value string }
