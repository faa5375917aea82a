package seeking_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seeking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var links = telling.Links{Site: "https://example.jp", Key: []byte("練習の鍵")}

// desk is a coordinator who keeps one search for each of two groups.
type desk struct {
	*testing.T
	db     *sqlx.DB
	person ledger.Person
	rooms  []ledger.Organisation
	at     time.Time
}

func (d *desk) do(fn func(tx *sqlx.Tx) error) {
	d.Helper()
	ledgertest.Must(d, d.db, fn)
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, db: pgtest.New(t).App, at: time.Date(2026, 11, 25, 9, 0, 0, 0, ledger.Tokyo)}
	d.person = ledgertest.NewPerson(t, d.db)
	for range 2 {
		o := ledgertest.NewOrganisation(t, d.db)
		d.rooms = append(d.rooms, o)
		d.do(func(tx *sqlx.Tx) error {
			today := ledger.DateOf(d.at)
			m := ledger.Membership{OrganisationID: o.ID, PersonID: d.person.ID, Role: ledger.Coordinator, FromOn: today, UntilOn: today.AddDays(10)}
			if err := ledger.AddMember(t.Context(), tx, m); err != nil {
				return err
			}
			_, err := search.Save(t.Context(), tx, search.Saved{OrganisationID: o.ID, PersonID: d.person.ID, Name: "居場所", Query: search.Query{Words: "居場所"}}, nil, d.at)
			return err
		})
	}
	return d
}

func (d *desk) enter(programme string) {
	d.Helper()
	o := catalogue.Opportunity{Funder: "練習財団", Programme: programme, FiscalYear: 2026, Status: catalogue.Open, Source: catalogue.Manual, Call: catalogue.Call{Title: programme, Summary: "居場所に", Most: 100_000,
		Deadlines: []catalogue.Deadline{{Kind: catalogue.Closing, On: ledger.NewDate(2027, 1, 29), Rule: "消印有効"}}}}
	d.do(func(tx *sqlx.Tx) error {
		_, err := catalogue.Enter(d.Context(), tx, o, catalogue.Author{Name: "練習"}, d.at)
		return err
	})
}

// letters runs the job twice, as two replicas would, and returns all letters there are, the newest last.
func (d *desk) letters() []string {
	d.Helper()
	for range 2 {
		if err := seeking.Write(d.Context(), d.db, links, d.at); err != nil {
			d.Fatal(err)
		}
	}
	var texts []string
	if err := d.db.SelectContext(d.Context(), &texts, `SELECT text FROM mail WHERE organisation_id = $1 ORDER BY id`, mail.Program); err != nil {
		d.Fatal(err)
	}
	return texts
}

func TestOneLetterADayTellsWhatIsNewOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if got := d.letters(); len(got) != 0 {
		t.Fatalf("nothing is new, and %d letters are written", len(got))
	}
	d.enter("ひだまり助成")
	got := d.letters()
	if len(got) != 1 || strings.Count(got[0], "新しい募集　ひだまり助成（練習財団）") != 2 || !strings.Contains(got[0], "締切 2027年1月29日（消印有効）") || !strings.Contains(got[0], d.rooms[1].Slug+"/grants/searches") ||
		!strings.Contains(got[0], "https://example.jp"+links.PersonPath(d.person.ID)) {
		t.Fatalf("the first day: %q; want one letter about both groups", got)
	}
	d.enter("ほしぞら助成")
	if got = d.letters(); len(got) != 1 {
		t.Fatalf("a second letter on the same day: %q", got)
	}
	d.at = time.Date(2026, 11, 26, 7, 0, 0, 0, ledger.Tokyo)
	if seeking.Early(d.at) || !seeking.Early(d.at.Add(-time.Second)) {
		t.Error("seven is early, or the second before is not")
	}
	if got = d.letters(); len(got) != 2 || strings.Contains(got[1], "ひだまり") || !strings.Contains(got[1], "ほしぞら") {
		t.Errorf("the next day: %q; want the new call alone", got)
	}
}

func TestNoLetterToWhoStoppedItOrLeft(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.enter("ひだまり助成")
	d.do(func(tx *sqlx.Tx) error { return search.Stop(t.Context(), tx, d.person.ID, d.at) })
	if got := d.letters(); len(got) != 0 {
		t.Fatalf("stopped, and written to: %q", got)
	}
	d.do(func(tx *sqlx.Tx) error { return search.Resume(t.Context(), tx, d.person.ID) })
	d.do(func(tx *sqlx.Tx) error {
		return ledger.EndMember(t.Context(), tx, d.rooms[0].ID, d.person.ID, ledger.Coordinator, ledger.DateOf(d.at))
	})
	d.at = d.at.AddDate(0, 0, 1)
	got := d.letters()
	if len(got) != 1 || strings.Contains(got[0], d.rooms[0].Slug+"/") || !strings.Contains(got[0], d.rooms[1].Slug+"/") {
		t.Errorf("letters %q; want one about the group he still belongs to", got)
	}
}

func TestLinksToStopAreOnesOwn(t *testing.T) {
	t.Parallel()
	token := links.PersonPath(7)[strings.LastIndex(links.PersonPath(7), "/")+1:]
	if links.ReadPerson(7, token) != nil || links.ReadPerson(8, token) == nil || links.ReadPerson(7, "") == nil {
		t.Error("a link opens for its person alone")
	}
}
