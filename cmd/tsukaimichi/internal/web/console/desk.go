package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Desk is who works where: a member of an organisation with the roles he has today, at the instant of the request.
type Desk struct {
	Organisation ledger.Organisation
	Person       ledger.Person
	Roles        []ledger.Role
	Guest        bool // an operator who may read and nothing else: he has no role
	Now          time.Time
}

type deskKey struct{}

// WithDesk returns a context that carries the desk.
func WithDesk(ctx context.Context, d Desk) context.Context {
	return context.WithValue(ctx, deskKey{}, d)
}

// ErrNoDesk says that a page for members was asked for without a desk in the context: a fault of the routes.
var ErrNoDesk = errors.New("console: no desk")

// DeskOf returns the desk of a context, ErrNoDesk if there is none.
func DeskOf(ctx context.Context) (Desk, error) {
	d, ok := ctx.Value(deskKey{}).(Desk)
	if !ok {
		return Desk{}, ErrNoDesk
	}
	return d, nil
}

// desk returns the desk of a request whose route has asked for one.
func desk(r *http.Request) Desk {
	d, err := DeskOf(r.Context())
	if err != nil {
		panic(err) // the routes let nobody in without one
	}
	return d
}

// Today is the day of the desk in the books.
func (d Desk) Today() ledger.Date { return ledger.DateOf(d.Now) }

// By is the person as the book names him.
func (d Desk) By() ledger.Actor { return ledger.ByPerson(d.Person.ID, d.Person.Name) }

// May reports whether the person has one of the roles.
func (d Desk) May(roles ...ledger.Role) bool {
	return slices.ContainsFunc(roles, func(role ledger.Role) bool { return slices.Contains(d.Roles, role) })
}

// Path is an address of the organisation's console: Path("gifts", 12) is /desk/{org}/gifts/12.
func (d Desk) Path(parts ...any) string {
	var b strings.Builder
	b.WriteString("/desk/" + url.PathEscape(d.Organisation.Slug))
	for _, part := range parts {
		b.WriteByte('/')
		switch v := part.(type) {
		case string:
			b.WriteString(v)
		case int64:
			b.WriteString(strconv.FormatInt(v, 10))
		case int:
			b.WriteString(strconv.Itoa(v))
		}
	}
	return b.String()
}

// Frame is the frame of a page at this desk. The words of r's done parameter stand above it once.
func (d Desk) Frame(r *http.Request, title string, section page.Section, crumbs ...page.Link) page.Console {
	return page.Console{
		Title: title, Organisation: d.Organisation.Name, Role: d.roleNames(), Person: d.Person.Name, Home: d.Path(),
		Nav: page.MemberNav(d.Path(), section), Crumbs: crumbs, Done: doneText(r.URL.Query().Get("done")),
	}
}

func (d Desk) roleNames() string {
	if d.Guest {
		return "運営・読むだけ"
	}
	names := make([]string, len(d.Roles))
	for i, role := range d.Roles {
		names[i] = roleName(role)
	}
	return strings.Join(names, "・")
}

func roleName(role ledger.Role) string { return locale.Japanese.T("auth.role_" + string(role)) }

// doneText is what has just been done, by the last part of its key.
func doneText(what string) string {
	key := "console.done_" + what
	if what == "" || !locale.Japanese.Has(key) {
		return ""
	}
	return locale.Japanese.T(key)
}

// redirect ends a POST: the page at the path says once what was done.
func redirect(w http.ResponseWriter, r *http.Request, path, done string) error {
	return page.Redirect(w, r, path, done)
}

// number reads an id of the path; an id that is none is not found.
func number(r *http.Request, name string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, ledger.ErrNotFound
	}
	return id, nil
}
