package door

import (
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// MailPage asks for the mail address to sign in with.
type MailPage struct {
	page.Public
	Problems page.Problems
	Mail     page.Field
	Origin   string // where passkeys work; "" nowhere
}

// Template names the page.
func (MailPage) Template() string { return "door/mail" }

func newMailPage(values url.Values, wrong map[string]string, origin string) MailPage {
	form := page.NewForm(values, wrong)
	p := MailPage{Public: page.Public{Title: "団体の方のサインイン", Private: true, NeedsFix: len(wrong) > 0}, Origin: origin}
	p.Mail = form.Field(page.Field{Name: "mail", Label: "メールアドレス", Type: "email", Autocomplete: "email", Required: true,
		Hint: "団体に登録したアドレスです。6けたの番号を送ります。"})
	p.Problems = form.Problems()
	return p
}

// CodePage asks for the six digits.
type CodePage struct {
	page.Public
	Problems page.Problems
	Code     page.Field
}

// Template names the page.
func (CodePage) Template() string { return "door/code" }

func newCodePage(values url.Values, wrong map[string]string) CodePage {
	form := page.NewForm(values, wrong)
	p := CodePage{Public: page.Public{Title: "6けたの番号", Private: true, NeedsFix: len(wrong) > 0}}
	p.Code = form.Field(page.Field{Name: "code", Label: "メールにある6けたの番号", InputMode: "numeric", Autocomplete: "one-time-code", Required: true})
	p.Problems = form.Problems()
	return p
}

// LinkPage has the button that signs in.
type LinkPage struct {
	page.Public
	Name  string
	Token string
}

// Template names the page.
func (LinkPage) Template() string { return "door/link" }

// DesksPage lists the organisations somebody works for.
type DesksPage struct {
	page.Console
	Rows []page.ListRow
	None page.Empty
}

// Template names the page.
func (DesksPage) Template() string { return "door/desks" }
