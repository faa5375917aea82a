package granting

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/feeds"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// CalendarPage makes and takes back the secret addresses of calendars.
type CalendarPage struct {
	page.Console
	Days  page.Table
	Empty page.Empty
	Kinds []CalendarKind
	Shown page.Notice // an address that was just made
	URL   string
}

// Template names the template of the page.
func (CalendarPage) Template() string { return "granting/calendar" }

// CalendarKind is one calendar: of the group, or of the person.
type CalendarKind struct {
	Head   string
	Says   string
	State  string
	Action string // of the forms; empty for who may not
	Button string
	Opened bool
}

// ShowCalendar shows the days there are and who has an address.
func (p *Pages) ShowCalendar(w http.ResponseWriter, r *http.Request) error {
	return p.calendar(w, r, "")
}

// calendar shows the page; url is an address that was just made.
func (p *Pages) calendar(w http.ResponseWriter, r *http.Request, url string) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	days, err := feeds.Days(r.Context(), p.DB, d.Organisation, d.Today())
	if err != nil {
		return err
	}
	group, err := feeds.Opened(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	own, err := feeds.OpenedPerson(r.Context(), p.DB, d.Person.ID)
	if err != nil {
		return err
	}
	shown := CalendarPage{URL: url, Days: daysTable(days, d.Today()), Empty: page.Empty{Text: "申請を書き始めると、締切と段取りの日が、ここに並びます。", Link: page.Link{Href: d.Path("grants"), Text: "助成をさがす"}}}
	shown.Kinds = []CalendarKind{
		kindRow("この団体のカレンダー", "団体の申請の締切と段取りです。アドレスを知っている人は、だれでも見られます。作った人の役割が終わると、止まります。", group),
		kindRow("わたしのカレンダー", "役割のあるすべての団体の締切と段取りです。役割が終わると、その団体の日は消えます。", own),
	}
	if d.May(writers...) {
		shown.Kinds[0].Action = d.Path("grants", "calendar")
	}
	if d.May(readers...) {
		shown.Kinds[1].Action = d.Path("grants", "calendar", "own")
	}
	if url != "" {
		shown.Shown = page.Notice{Head: "アドレスを作りました", Text: "いま写してください。もう一度は出せません。なくしたら、新しく作ると、前のものは使えなくなります。", Attend: true, Alert: true}
	}
	shown.Console = frame(d, r, "カレンダーに締切を出す", page.Link{Href: d.Path("grants"), Text: "助成をさがす"})
	return p.Renderer.Render(w, http.StatusOK, shown)
}

func kindRow(head, says string, a feeds.Address) CalendarKind {
	k := CalendarKind{Head: head, Says: says, State: "アドレスは、ありません。", Button: "アドレスを作る", Opened: !a.At.IsZero()}
	if k.Opened {
		k.State, k.Button = page.DayOnly(ledger.DateOf(a.At))+"に作りました。", "新しいアドレスに替える"
		if a.By != "" {
			k.State = page.DayOnly(ledger.DateOf(a.At)) + "に、" + a.By + "さんが作りました。"
		}
	}
	return k
}

func daysTable(days []feeds.Day, today ledger.Date) page.Table {
	t := page.Table{Caption: "カレンダーに出る日", Columns: []page.Column{{Text: "日"}, {Text: "こと"}}, Narrow: true}
	for _, day := range days {
		if !day.On.Before(today) {
			t.Rows = append(t.Rows, page.Row{Name: page.Day(day.On), Cells: []string{day.Summary}})
		}
	}
	return t
}

// OpenCalendar makes a new address of the group's calendar and shows it, this once; or takes it back.
func (p *Pages) OpenCalendar(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	return p.openCalendar(w, r, d, fmt.Sprintf("/calendar/%d/", d.Organisation.ID),
		func(tx *sqlx.Tx) (string, error) {
			return feeds.Open(r.Context(), tx, d.Organisation.ID, d.By(), d.Now)
		},
		func(tx *sqlx.Tx) error { return feeds.Close(r.Context(), tx, d.Organisation.ID) })
}

// OpenOwnCalendar does the same for the calendar of the person, over all groups.
func (p *Pages) OpenOwnCalendar(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	return p.openCalendar(w, r, d, fmt.Sprintf("/calendar/person/%d/", d.Person.ID),
		func(tx *sqlx.Tx) (string, error) { return feeds.OpenPerson(r.Context(), tx, d.Person.ID, d.Now) },
		func(tx *sqlx.Tx) error { return feeds.ClosePerson(r.Context(), tx, d.Person.ID) })
}

func (p *Pages) openCalendar(w http.ResponseWriter, r *http.Request, d console.Desk, path string, open func(tx *sqlx.Tx) (string, error), shut func(tx *sqlx.Tx) error) error {
	if r.PostFormValue("do") == "close" {
		if err := ledger.InTx(r.Context(), p.DB, shut); err != nil {
			return err
		}
		return page.Redirect(w, r, d.Path("grants", "calendar"), "calendar_closed")
	}
	var token string
	err := ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) (err error) {
		token, err = open(tx)
		return err
	})
	if err != nil {
		return err
	}
	return p.calendar(w, r, p.Links.Site+path+token+".ics")
}

// Calendar answers GET /calendar/{org}/{token}: the days of one organisation.
func (p *Pages) Calendar(w http.ResponseWriter, r *http.Request) error {
	id, token, err := secret(r, "org")
	if err == nil {
		err = feeds.Check(r.Context(), p.DB, id, token, ledger.DateOf(p.Now()))
	}
	if err != nil {
		return closed(err)
	}
	o, err := ledger.FindOrganisation(r.Context(), p.DB, id)
	if err != nil {
		return err
	}
	days, err := feeds.Days(r.Context(), p.DB, o, ledger.DateOf(p.Now()))
	if err != nil {
		return err
	}
	p.send(w, r, o.Name+"　助成の締切", days)
	return nil
}

// PersonCalendar answers GET /calendar/person/{person}/{token}: the days of every organisation a person belongs to today.
func (p *Pages) PersonCalendar(w http.ResponseWriter, r *http.Request) error {
	id, token, err := secret(r, "person")
	if err == nil {
		err = feeds.CheckPerson(r.Context(), p.DB, id, token)
	}
	if err != nil {
		return closed(err)
	}
	today := ledger.DateOf(p.Now())
	roles, err := auth.Roles(r.Context(), p.DB, id, today)
	if err != nil {
		return err
	}
	var all []feeds.Day
	for i, m := range roles {
		if i > 0 && roles[i-1].OrganisationID == m.OrganisationID {
			continue
		}
		o, err := ledger.FindOrganisation(r.Context(), p.DB, m.OrganisationID)
		if err != nil {
			return err
		}
		days, err := feeds.Days(r.Context(), p.DB, o, today)
		if err != nil {
			return err
		}
		for _, day := range days {
			day.Summary += "　" + o.Name
			all = append(all, day)
		}
	}
	p.send(w, r, "助成の締切（役割のある団体）", all)
	return nil
}

func secret(r *http.Request, name string) (int64, string, error) {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil {
		return 0, "", feeds.ErrAddress
	}
	return id, strings.TrimSuffix(r.PathValue("token"), ".ics"), nil
}

// closed says that nothing is there, whatever the reason.
func closed(err error) error {
	if errors.Is(err, feeds.ErrAddress) {
		return errors.Join(ledger.ErrNotFound, err)
	}
	return err
}

// send answers with a calendar; one that is unchanged costs a 304.
func (p *Pages) send(w http.ResponseWriter, r *http.Request, name string, days []feeds.Day) {
	content := feeds.Calendar(name, days, p.Links.Site)
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="grants.ics"`)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(content)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
