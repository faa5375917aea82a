package feeds_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/feeds"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// The last week of January 2027; the call closes on a Friday three months later.
var (
	today  = ledger.NewDate(2027, 1, 25)
	closes = ledger.NewDate(2027, 4, 23)
)

// desk is a group that drafts one application to one call.
type desk struct {
	*testing.T
	db           *sqlx.DB
	organisation ledger.Organisation
	by           ledger.Actor
	call, draft  int64
}

func (d *desk) do(fn func(tx *sqlx.Tx) error) {
	d.Helper()
	ledgertest.Must(d, d.db, fn)
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, db: pgtest.New(t).App}
	d.organisation = ledgertest.NewOrganisation(t, d.db)
	d.by = ledgertest.NewMember(t, d.db, d.organisation.ID, ledger.Representative)
	forms, err := template.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	form := forms[slices.IndexFunc(forms, func(f template.Version) bool { return f.Key == "t3_community_chest" })]
	d.do(func(tx *sqlx.Tx) (err error) {
		if err = application.Publish(t.Context(), tx, form, "使い道", ledgertest.At); err != nil {
			return err
		}
		d.call, err = catalogue.Enter(t.Context(), tx, catalogue.Opportunity{Funder: "練習市社協", Programme: "支援", FiscalYear: 2027, Status: catalogue.Open, Source: catalogue.Manual, Call: catalogue.Call{
			Title: "地域福祉、支え合い; 活動支援事業助成（長い名前の募集で、行が折られるところまで続く）",
			Deadlines: []catalogue.Deadline{{Kind: catalogue.Opening, On: ledger.NewDate(2026, 10, 1)}, {Kind: "推薦締切", On: ledger.NewDate(2027, 4, 9), Rule: "必着"},
				{Kind: catalogue.Closing, On: closes, Rule: "消印有効", Note: "簡易書留で"}, {Kind: "決定予定", On: ledger.NewDate(2027, 6, 30)}},
			Rules: []fit.Rule{{Key: "規約", Test: fit.Paper, Must: true, Quote: "規約を添える"}},
		}}, catalogue.Author{Name: "練習"}, ledgertest.At)
		if err != nil {
			return err
		}
		d.draft, err = application.Start(t.Context(), tx, application.Draft{OrganisationID: d.organisation.ID, Title: "山田さんの家を直す申請", OpportunityID: d.call, CallVersion: 1,
			FormKey: form.Key, FormVersion: form.Version, DueOn: closes}, d.by, ledgertest.At)
		return err
	})
	return d
}

// read writes the calendar and parses it again.
func (d *desk) read() (string, map[string]*ics.VEvent) {
	d.Helper()
	days, err := feeds.Days(d.Context(), d.db, d.organisation, today)
	if err != nil {
		d.Fatal(err)
	}
	text := string(feeds.Calendar("助成の締切", days, "https://example.jp"))
	parsed, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		d.Fatalf("%v: %s", err, text)
	}
	events := map[string]*ics.VEvent{}
	for _, e := range parsed.Events() {
		summary, _, _ := strings.Cut(e.GetProperty(ics.ComponentPropertySummary).Value, "地域福祉")
		events[strings.TrimSpace(summary)] = e
	}
	if len(events) != len(days) || len(events) != len(parsed.Events()) {
		d.Fatalf("%d days, %d events, %d of them apart", len(days), len(parsed.Events()), len(events))
	}
	return text, events
}

func value(e *ics.VEvent, p ics.ComponentProperty) string { return e.GetProperty(p).Value }

func TestTheDaysOfAnApplicationAreReadByCalendars(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	text, events := d.read()
	for summary, day := range map[string]string{
		"申請締切（消印有効）：": "20270423", "推薦締切（必着）：": "20270409", "決定予定：": "20270630",
		"始める：郵便局の窓口から出す（消印有効）": "20270422", "始める：足りない書類をそろえる（規約）": "20270309",
	} {
		e := events[summary]
		if e == nil {
			t.Errorf("no %q in %v", summary, text)
			continue
		}
		start := e.GetProperty(ics.ComponentPropertyDtStart)
		if start.Value != day || start.ICalParameters["VALUE"][0] != "DATE" {
			t.Errorf("%s starts %v; want the whole day %s", summary, start, day)
		}
	}
	e := events["申請締切（消印有効）："]
	if got := e.GetProperty(ics.ComponentPropertySummary).Value; got != "申請締切（消印有効）：地域福祉、支え合い; 活動支援事業助成（長い名前の募集で、行が折られるところまで続く）" {
		t.Errorf("the summary is read as %q", got)
	}
	if got := value(e, ics.ComponentPropertyDescription); !strings.Contains(got, "簡易書留で\nhttps://example.jp/desk/") {
		t.Errorf("the description is read as %q", got)
	}
	if alarms := e.Alarms(); len(alarms) != 3 || alarms[2].GetProperty(ics.ComponentPropertyTrigger).Value != "-PT15H" || alarms[1].GetProperty(ics.ComponentPropertyTrigger).Value != "-P6DT15H" {
		t.Errorf("%d alarms", len(alarms))
	}
	for _, line := range strings.Split(text, "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	for _, secret := range []string{"山田", d.by.Name} {
		if strings.Contains(strings.ReplaceAll(text, "\r\n ", ""), secret) {
			t.Errorf("the calendar says %q", secret)
		}
	}
	if _, old := events["募集開始："]; old {
		t.Error("a day of last year is still there")
	}
}

func TestADayThatMovesKeepsItsUID(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	text, before := d.read()
	if again, _ := d.read(); again != text {
		t.Error("the same days are written otherwise")
	}
	d.do(func(tx *sqlx.Tx) error {
		o, err := catalogue.Find(t.Context(), tx, d.call)
		if err == nil {
			o.Call.Deadlines[2].On = closes.AddDays(3)
			_, err = catalogue.Change(t.Context(), tx, o, "延びた", catalogue.Author{Name: "練習"}, ledgertest.At)
		}
		return err
	})
	_, after := d.read()
	was, is := before["申請締切（消印有効）："], after["申請締切（消印有効）："]
	if is == nil || value(is, ics.ComponentPropertyDtStart) != "20270426" || is.Id() != was.Id() || value(is, ics.ComponentPropertySequence) != "2" {
		t.Errorf("the closing day was %v and is %v", was, is)
	}
	if after["団体で決めた締切："] == nil {
		t.Error("the day the group had set is no longer the call's, and is not shown")
	}
	if !strings.HasSuffix(is.Id(), "@example.jp") {
		t.Errorf("UID %s", is.Id())
	}
}

func TestAddressesAreSecretAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	o, person := d.organisation.ID, d.by.SubjectID
	other := ledgertest.NewOrganisation(t, d.db)
	var first, second, own string
	d.do(func(tx *sqlx.Tx) (err error) {
		if first, err = feeds.Open(t.Context(), tx, o, d.by, ledgertest.At); err != nil {
			return err
		}
		own, err = feeds.OpenPerson(t.Context(), tx, person, ledgertest.At)
		return err
	})
	opens := func(organisation int64, token string) bool {
		err := feeds.Check(t.Context(), d.db, organisation, token, today)
		if err != nil && !errors.Is(err, feeds.ErrAddress) {
			t.Fatal(err)
		}
		return err == nil
	}
	if !opens(o, first) || opens(other.ID, first) || opens(o, "") || opens(o, first+"x") {
		t.Error("an address opens its own calendar and no other")
	}
	if err := feeds.CheckPerson(t.Context(), d.db, person, own); err != nil || feeds.CheckPerson(t.Context(), d.db, person, first) == nil {
		t.Errorf("the person's own: %v", err)
	}
	d.do(func(tx *sqlx.Tx) (err error) {
		second, err = feeds.Open(t.Context(), tx, o, d.by, ledgertest.At)
		return err
	})
	if opens(o, first) || !opens(o, second) {
		t.Error("a new address does not end the one before")
	}
	if a, err := feeds.Opened(t.Context(), d.db, o, today); err != nil || a.By != d.by.Name {
		t.Errorf("Opened = %+v, %v", a, err)
	}
	for range 2 {
		d.do(func(tx *sqlx.Tx) error {
			return errors.Join(feeds.Close(t.Context(), tx, o), feeds.ClosePerson(t.Context(), tx, person))
		})
	}
	if opens(o, second) || feeds.CheckPerson(t.Context(), d.db, person, own) == nil {
		t.Error("taken back, and still open")
	}
	var kept int
	if err := d.db.GetContext(t.Context(), &kept, `SELECT (SELECT count(*) FROM calendar_feed) + (SELECT count(*) FROM person_feed)`); err != nil || kept != 0 {
		t.Errorf("%d rows are kept, %v", kept, err)
	}
}

// TestAnOrganisationsAddressEndsWithTheRoleOfItsMaker: a coordinator whose day is over, and a member who left, read nothing more by it.
func TestAnOrganisationsAddressEndsWithTheRoleOfItsMaker(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	o := d.organisation.ID
	coordinator := ledgertest.NewMember(t, d.db, o, ledger.Coordinator)
	last := ledgertest.Today.AddDays(180)
	var token string
	d.do(func(tx *sqlx.Tx) (err error) {
		token, err = feeds.Open(t.Context(), tx, o, coordinator, ledgertest.At)
		return err
	})
	for on, opens := range map[ledger.Date]bool{last.AddDays(-1): true, last: true, last.AddDays(1): false} {
		a, err := feeds.Opened(t.Context(), d.db, o, on)
		if got := feeds.Check(t.Context(), d.db, o, token, on) == nil; err != nil || got != opens || a.At.IsZero() == opens {
			t.Errorf("%s: opens %v, shown as %+v, %v; want %v", on, got, a, err, opens)
		}
	}
}
