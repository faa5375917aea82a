package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// openingsOnPage is how many rows of the log a page has.
const openingsOnPage = 100

// overseers may read who has opened what.
var overseers = []ledger.Role{ledger.Representative, ledger.Auditor}

func (p *Pages) routesOfAccess(t *routeTable) {
	t.get("/access", overseers, p.Access)
	t.get("/access/csv", overseers, p.AccessCSV).Private = access.Export
	t.get("/access/grants", readers, p.Grants)
	t.post("/access/grants", head, p.GiveGrant)
	t.post("/access/grants/{id}/allow", head, p.AllowGrant)
	t.post("/access/grants/{id}/refuse", head, p.RefuseGrant)
	t.post("/access/grants/{id}/end", head, p.EndGrant)
}

// AccessPage is だれが何を見たか: who has opened which private thing, the newest first, day by day.
type AccessPage struct {
	page.Console
	Lead   string
	Action string
	Kinds  []page.Select
	Days   []page.Table
	CSV    page.Link
	Next   page.Link
	Empty  page.Empty
	Purged string
}

// Template names the template of the page.
func (AccessPage) Template() string { return "console/access" }

// Access shows who has opened what, narrowed by person and month.
func (p *Pages) Access(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	asked := typed{r.URL.Query(), ledger.Invalid{}}
	filter := readAccessFilter(asked)
	rows, err := access.Openings(r.Context(), p.DB, d.Organisation.ID, filter, readAccessPlace(asked.Get("after")), openingsOnPage+1)
	if err != nil {
		return err
	}
	people, err := access.People(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	since, err := access.Since(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	purged, err := access.LastPurged(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	shown := buildAccess(d, filter, rows, purged)
	shown.Kinds = accessKinds(filter, people, months(since, d.Today()))
	shown.Console = d.Frame(r, "だれが何を見たか", page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	return p.Renderer.Render(w, http.StatusOK, shown)
}

func buildAccess(d Desk, f access.Filter, rows []access.Opened, purged access.Purged) AccessPage {
	shown := AccessPage{Action: d.Path("access"), CSV: page.Link{Href: d.Path("access", "csv") + accessQuery(f, ""), Text: "CSVで受け取る"},
		Lead:  "寄付した方のお名前・領収書・レシート・名簿・書き出しを、だれがいつ開いたかの記録です。運営が開いたページは、みな入ります。直すことも消すこともできません。",
		Empty: page.Empty{Text: "まだ、だれも開いていません。寄付の一覧や領収書を開くと、ここに出ます。"}}
	if f != (access.Filter{}) {
		shown.Empty = page.Empty{Text: "この選び方では、記録はありませんでした。", Link: page.Link{Href: shown.Action, Text: "みな見る"}}
	}
	if len(rows) > openingsOnPage {
		rows = rows[:openingsOnPage]
		last := rows[openingsOnPage-1]
		shown.Next = page.Link{Href: shown.Action + accessQuery(f, fmt.Sprintf("%d_%d", last.At.UnixMicro(), last.ID)), Text: "この前の記録を見る"}
	}
	for _, row := range rows {
		day := page.Day(ledger.DateOf(row.At))
		if n := len(shown.Days); n == 0 || shown.Days[n-1].Caption != day {
			shown.Days = append(shown.Days, page.Table{Caption: day, Narrow: true, Columns: []page.Column{{Text: "何を"}, {Text: "だれが"}, {Text: "時刻", Number: true}}})
		}
		table := &shown.Days[len(shown.Days)-1]
		table.Rows = append(table.Rows, page.Row{Name: openedText(row), Cells: []string{openerName(row), clockText(row.At)}})
	}
	if purged.Rows > 0 {
		shown.Purged = fmt.Sprintf("%sまでの記録%s件は、%d年たったので、%sに消しました。", page.Month(ledger.DateOf(purged.NewestAt)), page.Count(int(purged.Rows)),
			access.KeptYears, page.DayOnly(ledger.DateOf(purged.At)))
	}
	return shown
}

func readAccessFilter(t typed) access.Filter {
	f := access.Filter{PersonID: t.id("person")}
	if month, err := ledger.ParseDate(t.text("month") + "-01"); err == nil && t.text("month") != "" {
		f.Month = month
	}
	return f
}

func accessQuery(f access.Filter, after string) string {
	query := url.Values{}
	if f.PersonID > 0 {
		query.Set("person", strconv.FormatInt(f.PersonID, 10))
	}
	if !f.Month.IsZero() {
		query.Set("month", monthValue(f.Month))
	}
	if after != "" {
		query.Set("after", after)
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

func readAccessPlace(text string) access.Place {
	at, id := readPlace(text)
	return access.Place{At: at, ID: id}
}

// monthValue writes 2026-11.
func monthValue(d ledger.Date) string { return fmt.Sprintf("%04d-%02d", d.Year(), d.Month()) }

// months are the first days of the months of the log, the newest first.
func months(since time.Time, today ledger.Date) []ledger.Date {
	if since.IsZero() {
		return nil
	}
	var all []ledger.Date
	first := ledger.DateOf(since)
	for m := ledger.NewDate(today.Year(), today.Month(), 1); !m.Before(ledger.NewDate(first.Year(), first.Month(), 1)); m = ledger.NewDate(m.Year(), m.Month()-1, 1) {
		all = append(all, m)
	}
	return all
}

func accessKinds(f access.Filter, people []ledger.Person, months []ledger.Date) []page.Select {
	who, when := []page.Option{{Text: "みな", Chosen: f.PersonID == 0}}, []page.Option{{Text: "すべて", Chosen: f.Month.IsZero()}}
	for _, person := range people {
		who = append(who, page.Option{Value: strconv.FormatInt(person.ID, 10), Text: person.Name, Chosen: f.PersonID == person.ID})
	}
	for _, m := range months {
		when = append(when, page.Option{Value: monthValue(m), Text: page.Month(m), Chosen: !f.Month.IsZero() && monthValue(f.Month) == monthValue(m)})
	}
	return []page.Select{{Name: "person", Label: "だれが", Options: who}, {Name: "month", Label: "いつ", Options: when}}
}
