package console

import (
	"context"
	"net/http"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Where a coordinator works above all groups. No organisation can be called "-".
const (
	BoardPath = "/desk/-/board"
	FormsPath = "/desk/-/forms"
)

// Seat is who works above all groups: a coordinator of some group today, or an operator.
type Seat struct {
	Person   ledger.Person
	Operator bool
	Groups   []ledger.Organisation // he coordinates today
	Now      time.Time
}

type seatKey struct{}

// WithSeat returns a context that carries the seat.
func WithSeat(ctx context.Context, s Seat) context.Context {
	return context.WithValue(ctx, seatKey{}, s)
}

// SeatOf returns the seat of a context, ErrNoDesk if there is none.
func SeatOf(ctx context.Context) (Seat, error) {
	s, ok := ctx.Value(seatKey{}).(Seat)
	if !ok {
		return Seat{}, ErrNoDesk
	}
	return s, nil
}

// Today is the day of the seat in the books.
func (s Seat) Today() ledger.Date { return ledger.DateOf(s.Now) }

// Frame is the frame of a page above all groups; current is BoardPath or FormsPath. The words of r's done parameter stand above it once: those of the key done_….
func (s Seat) Frame(r *http.Request, title, current, doneKey string, crumbs ...page.Link) page.Console {
	f := page.Console{Title: title, Person: s.Person.Name, Home: "/desk", NavLabel: "コーディネーターの仕事", Crumbs: crumbs, Nav: []page.NavItem{{Href: "/desk", Text: "団体をえらぶ"}}}
	f.Role = locale.Japanese.T("auth.role_operator")
	if len(s.Groups) > 0 {
		f.Role = roleName(ledger.Coordinator)
		f.Nav = append(f.Nav, page.NavItem{Href: BoardPath, Text: "申請の一覧", Current: current == BoardPath})
	}
	f.Nav = append(f.Nav, page.NavItem{Href: FormsPath, Text: "様式づくり", Current: current == FormsPath})
	if key := doneKey + r.URL.Query().Get("done"); locale.Japanese.Has(key) {
		f.Done = locale.Japanese.T(key)
	}
	return f
}
