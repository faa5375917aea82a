package door

import (
	"embed"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of the door, for page.NewRenderer.
var Room = page.Room{Name: "door", Files: templates}

// Pages are the door with what it needs. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Sessions *auth.Sessions
	Factors  *auth.Factors
	Now      func() time.Time
	Site     string
	Practice bool // a button stands for a second factor
}

// SignIn answers GET /sign-in.
func (p *Pages) SignIn(w http.ResponseWriter, r *http.Request) error {
	if p.Sessions.PersonID(r.Context()) > 0 {
		http.Redirect(w, r, "/desk", http.StatusSeeOther)
		return nil
	}
	return p.mail(w, http.StatusOK, nil, nil)
}

func (p *Pages) mail(w http.ResponseWriter, status int, values url.Values, wrong map[string]string) error {
	return p.Renderer.Render(w, status, newMailPage(values, wrong, p.Factors.PasskeyOrigin()))
}

// Begin answers POST /sign-in: the same for known and unknown addresses.
func (p *Pages) Begin(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	browser, err := auth.Begin(r.Context(), p.DB, auth.Request{
		Mail: r.PostForm.Get("mail"), Address: address(r),
		Link: func(token string) string { return p.Site + "/sign-in/link?t=" + url.QueryEscape(token) },
	}, p.Now())
	key := ""
	switch {
	case errors.Is(err, mail.ErrAddress):
		key = "donate.mail_shape"
	case errors.Is(err, auth.ErrTooMany):
		key = "auth.too_many"
	case err != nil:
		return err
	}
	if key != "" {
		return p.mail(w, http.StatusUnprocessableEntity, r.PostForm, map[string]string{"mail": locale.Japanese.T(key)})
	}
	p.Sessions.Await(w, browser)
	http.Redirect(w, r, "/sign-in/code", http.StatusSeeOther)
	return nil
}

// Code answers GET /sign-in/code.
func (p *Pages) Code(w http.ResponseWriter, _ *http.Request) error {
	return p.Renderer.Render(w, http.StatusOK, newCodePage(nil, nil))
}

// EnterCode answers POST /sign-in/code.
func (p *Pages) EnterCode(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	id, err := auth.EnterCode(r.Context(), p.DB, p.Sessions.Awaited(r), r.PostForm.Get("code"), p.Now())
	key := ""
	switch {
	case errors.Is(err, auth.ErrCode):
		key = "auth.code_wrong"
	case errors.Is(err, auth.ErrExpired):
		key = "auth.code_expired"
	case err != nil:
		return err
	}
	if key != "" {
		return p.Renderer.Render(w, http.StatusUnprocessableEntity, newCodePage(r.PostForm, map[string]string{"code": locale.Japanese.T(key)}))
	}
	p.Sessions.Arrived(w)
	return p.enter(w, r, id)
}

// Link answers GET /sign-in/link: a page with a button, because mail scanners open links.
func (p *Pages) Link(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("t")
	name, err := auth.PeekLink(r.Context(), p.DB, token, p.Now())
	if errors.Is(err, auth.ErrExpired) {
		return p.mail(w, http.StatusGone, nil, map[string]string{"": locale.Japanese.T("auth.link_expired")})
	}
	if err != nil {
		return err
	}
	return p.Renderer.Render(w, http.StatusOK, LinkPage{Public: page.Public{Title: "サインイン", Private: true}, Name: name, Token: token})
}

// UseLink answers POST /sign-in/link.
func (p *Pages) UseLink(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	id, err := auth.UseLink(r.Context(), p.DB, r.PostForm.Get("t"), p.Now())
	if errors.Is(err, auth.ErrExpired) {
		return p.mail(w, http.StatusGone, nil, map[string]string{"": locale.Japanese.T("auth.link_expired")})
	}
	if err != nil {
		return err
	}
	return p.enter(w, r, id)
}

func (p *Pages) enter(w http.ResponseWriter, r *http.Request, personID int64) error {
	if err := p.arrive(w, r, personID, false); err != nil {
		return err
	}
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
	return nil
}

// arrive signs the person in, and tells him by mail if the browser is new.
func (p *Pages) arrive(w http.ResponseWriter, r *http.Request, personID int64, confirmed bool) error {
	a := auth.Arrival{PersonID: personID, Browser: auth.BrowserOf(r.UserAgent()), At: p.Now(), Confirmed: confirmed}
	if err := p.Sessions.SignIn(r.Context(), a); err != nil {
		return err
	}
	return p.Sessions.Welcome(w, r, a, p.Site)
}

// address is where on the network a request comes from, for counting tries.
func address(r *http.Request) string { return limit.Network(r.RemoteAddr) }

// SignOut answers POST /sign-out.
func (p *Pages) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := p.Sessions.SignOut(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// Desks answers GET /desk: whose desk to sit down at. With one organisation there is nothing to choose.
func (p *Pages) Desks(w http.ResponseWriter, r *http.Request) error {
	person := auth.PersonOf(r.Context())
	memberships, err := auth.Roles(r.Context(), p.DB, person.ID, ledger.DateOf(p.Now()))
	if err != nil {
		return err
	}
	desks := DesksPage{Console: page.Console{Title: "団体をえらぶ", Person: person.Name, Home: "/desk"},
		None: page.Empty{Text: "いま、役割のある団体がありません。団体の代表に、メンバーに加えてもらってください。"}}
	seen, coordinates := map[int64]int{}, 0
	for _, m := range memberships {
		if m.Role == ledger.Coordinator {
			coordinates++
		}
		role := locale.Japanese.T("auth.role_" + string(m.Role))
		if i, ok := seen[m.OrganisationID]; ok {
			desks.Rows[i].Text += "・" + role
			continue
		}
		o, err := ledger.FindOrganisation(r.Context(), p.DB, m.OrganisationID)
		if err != nil {
			return err
		}
		seen[m.OrganisationID] = len(desks.Rows)
		desks.Rows = append(desks.Rows, page.ListRow{Name: o.Name, Href: "/desk/" + o.Slug, Text: role})
	}
	if coordinates > 1 {
		desks.Rows = append([]page.ListRow{{Name: "すべての団体の申請", Href: console.BoardPath, Text: locale.Japanese.T("auth.role_coordinator")}}, desks.Rows...)
	}
	if person.Operator {
		desks.Rows = append(desks.Rows, page.ListRow{Name: "運営のページ", Href: console.OperatorPath, Text: locale.Japanese.T("auth.role_operator")})
	}
	if len(desks.Rows) == 1 {
		http.Redirect(w, r, desks.Rows[0].Href, http.StatusSeeOther)
		return nil
	}
	return p.Renderer.Render(w, http.StatusOK, desks)
}
