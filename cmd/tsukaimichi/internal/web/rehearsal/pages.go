package rehearsal

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of the practice pages, for page.NewRenderer.
var Room = page.Room{Name: "rehearsal", Files: templates}

// Clock is the practice clock.
type Clock interface {
	Now() time.Time
	Advance(ctx context.Context, d time.Duration) error
}

// Pages are the practice pages with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Sessions *auth.Sessions
	Clock    Clock
	Files    *files.Store
	Stripe   Stripe
	// Moved is called after the clock was moved, so that what fell due happens at once.
	Moved func(ctx context.Context) error
}

// StartPage lists who one can be and what there is to look at.
type StartPage struct {
	page.Public
	Groups   []Cast
	Problems page.Problems
	Name     page.Field // of an organisation of one's own
	Now      string
	Ahead    []Jump
}

// Template names the page.
func (StartPage) Template() string { return "rehearsal/start" }

// Cast is an organisation with the people one can be there.
type Cast struct {
	ID   string // the public name
	Name string
	Href string
	Acts []Act
}

// Act is a person one can be.
type Act struct {
	PersonID int64
	Name     string
	Role     string
}

// Jump is a step the clock can take.
type Jump struct {
	Days int
	Text string
}

// Start answers GET /practice.
func (p *Pages) Start(w http.ResponseWriter, r *http.Request) error {
	return p.start(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) start(w http.ResponseWriter, r *http.Request, status int, values url.Values, wrong map[string]string) error {
	form := page.NewForm(values, wrong)
	shown := StartPage{Public: page.Public{Title: "練習のはじめ方", Private: true, NeedsFix: len(wrong) > 0}, Now: page.Minute(p.Clock.Now()),
		Name:  form.Field(page.Field{Name: "name", Label: "団体の名前", Hint: "例：ほしの町ふれあい食堂。頭に【練習】がつきます。"}),
		Ahead: []Jump{{1, "1日すすめる"}, {7, "7日すすめる"}, {30, "30日すすめる"}, {180, "180日すすめる"}}}
	all, err := ledger.Organisations(r.Context(), p.DB)
	if err != nil {
		return err
	}
	for _, o := range all {
		members, err := ledger.Members(r.Context(), p.DB, o.ID, ledger.DateOf(p.Clock.Now()))
		if err != nil {
			return err
		}
		cast := Cast{ID: o.Slug, Name: o.Name, Href: "/o/" + o.Slug}
		for _, m := range members {
			cast.Acts = append(cast.Acts, Act{m.PersonID, m.Name, locale.Japanese.T("auth.role_" + string(m.Role))})
		}
		shown.Groups = append(shown.Groups, cast)
	}
	operators, err := access.Operators(r.Context(), p.DB, ledger.DateOf(p.Clock.Now()))
	if err != nil {
		return err
	}
	running := Cast{ID: "_operator", Name: "使い道の運営"}
	for _, person := range operators {
		running.Acts = append(running.Acts, Act{person.ID, person.Name, locale.Japanese.T("auth.role_operator")})
	}
	shown.Groups = append(shown.Groups, running)
	shown.Problems = form.Problems()
	return p.Renderer.Render(w, status, shown)
}

// BecomeSomebody answers POST /practice/become: signs in as a person, which practice allows to anyone on this machine.
func (p *Pages) BecomeSomebody(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.FormValue("person"), 10, 64)
	if err != nil {
		return ledger.ErrNotFound
	}
	var known bool
	if err = p.DB.GetContext(r.Context(), &known, `SELECT EXISTS (SELECT FROM person WHERE id = $1)`, id); err != nil {
		return fmt.Errorf("person: %w", err)
	}
	if !known {
		return ledger.ErrNotFound
	}
	// In practice nobody has a telephone to show: becoming is the second factor as well, for the quarter of an hour that one lasts.
	if err = p.Sessions.SignIn(r.Context(), auth.Arrival{PersonID: id, Browser: auth.BrowserOf(r.UserAgent()), At: p.Clock.Now(), Confirmed: true}); err != nil {
		return err
	}
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
	return nil
}

// MoveClock answers POST /practice/clock.
func (p *Pages) MoveClock(w http.ResponseWriter, r *http.Request) error {
	days, err := strconv.Atoi(r.FormValue("days"))
	if err != nil || days < 1 || days > 400 {
		return ledger.Invalid{"days": "practice.days_range"}
	}
	if err = p.Clock.Advance(r.Context(), time.Duration(days)*24*time.Hour); err != nil {
		return err
	}
	if err = p.Moved(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/practice", http.StatusSeeOther)
	return nil
}

// MailboxPage lists the letters the program sent.
type MailboxPage struct {
	page.Public
	Letters []Sent
	None    page.Empty
}

// Template names the page.
func (MailboxPage) Template() string { return "rehearsal/mailbox" }

// Sent is a letter in the list, or whole.
type Sent struct {
	Href, Subject, To, From, When, Text string
	Attached                            []page.Link
}

// Mailbox answers GET /practice/mail.
func (p *Pages) Mailbox(w http.ResponseWriter, r *http.Request) error {
	letters, err := mail.Recent(r.Context(), p.DB, 200)
	if err != nil {
		return err
	}
	shown := MailboxPage{Public: page.Public{Title: "練習の郵便受け", Private: true},
		None: page.Empty{Text: "まだメールはありません。寄付をしたり、領収書を出したりすると、ここに届きます。"}}
	for _, l := range letters {
		shown.Letters = append(shown.Letters, sent(l))
	}
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// LetterPage is one letter.
type LetterPage struct {
	page.Public
	Letter Sent
}

// Template names the page.
func (LetterPage) Template() string { return "rehearsal/letter" }

// Letter answers GET /practice/mail/{org}/{id}.
func (p *Pages) Letter(w http.ResponseWriter, r *http.Request) error {
	letter, err := p.find(r)
	if err != nil {
		return err
	}
	return p.Renderer.Render(w, http.StatusOK, LetterPage{
		Public: page.Public{Title: letter.Subject, Private: true, Crumbs: []page.Link{{Href: "/practice/mail", Text: "練習の郵便受け"}}}, Letter: sent(letter)})
}

// Attachment answers GET /practice/mail/{org}/{id}/{hash}.
func (p *Pages) Attachment(w http.ResponseWriter, r *http.Request) error {
	letter, err := p.find(r)
	if err != nil {
		return err
	}
	for _, a := range letter.Attachments {
		if a.Hash.String() != r.PathValue("hash") {
			continue
		}
		bytes, err := p.Files.Read(r.Context(), letter.OrganisationID, a.Kind, a.Hash)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/pdf")
		_, _ = w.Write(bytes) // an error says that the reader left
		return nil
	}
	return ledger.ErrNotFound
}

func (p *Pages) find(r *http.Request) (mail.Letter, error) {
	organisationID, err := strconv.ParseInt(r.PathValue("org"), 10, 64)
	if err != nil {
		return mail.Letter{}, ledger.ErrNotFound
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return mail.Letter{}, ledger.ErrNotFound
	}
	letter, err := mail.Find(r.Context(), p.DB, organisationID, id)
	if errors.Is(err, mail.ErrNotFound) {
		return letter, ledger.ErrNotFound
	}
	return letter, err
}

func sent(l mail.Letter) Sent {
	s := Sent{
		Href: fmt.Sprintf("/practice/mail/%d/%d", l.OrganisationID, l.ID), Subject: l.Subject, To: l.To, From: l.SenderName, When: page.Minute(l.CreatedAt), Text: l.Text,
	}
	for _, a := range l.Attachments {
		s.Attached = append(s.Attached, page.Link{Text: a.Name, Href: fmt.Sprintf("/practice/mail/%d/%d/%s", l.OrganisationID, l.ID, a.Hash)})
	}
	return s
}
