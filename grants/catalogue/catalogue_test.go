package catalogue_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"golang.org/x/text/encoding/japanese"

	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var author = catalogue.Author{Name: "練習 コーディネーター"}

func day(text string) ledger.Date {
	d, err := ledger.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// chest is a round as a coordinator types it in.
func chest() catalogue.Opportunity {
	return catalogue.Opportunity{
		Funder: "練習市社会福祉協議会", Programme: "地域福祉活動支援", FiscalYear: 2026, Status: catalogue.Open, Source: catalogue.Manual,
		Call: catalogue.Call{
			Title: "令和8年度 地域福祉活動支援事業助成", Summary: "見守りや居場所の活動に助成します", Purposes: []string{"居場所", "見守り"}, Areas: []string{"練習市"},
			Most: 300_000, Payment: catalogue.Before,
			Deadlines: []catalogue.Deadline{{Kind: catalogue.Opening, On: day("2026-11-01")}, {Kind: catalogue.Closing, On: day("2026-12-18"), Rule: "必着"}},
			Rules:     []fit.Rule{{Key: "members", Test: fit.AtLeast, Value: 5, Must: true, Quote: "構成員5人以上"}},
		},
	}
}

func within(t *testing.T, db *sqlx.DB, do func(tx *sqlx.Tx) error) error {
	t.Helper()
	return ledger.InTx(t.Context(), db, do)
}

func enter(t *testing.T, db *sqlx.DB, o catalogue.Opportunity) (catalogue.Opportunity, error) {
	t.Helper()
	err := within(t, db, func(tx *sqlx.Tx) error {
		id, err := catalogue.Enter(t.Context(), tx, o, author, ledgertest.At)
		if err == nil {
			o, err = catalogue.Find(t.Context(), tx, id)
		}
		return err
	})
	return o, err
}

func change(t *testing.T, db *sqlx.DB, o catalogue.Opportunity, reason string) (version int, err error) {
	t.Helper()
	err = within(t, db, func(tx *sqlx.Tx) error {
		version, err = catalogue.Change(t.Context(), tx, o, reason, author, ledgertest.At)
		return err
	})
	return version, err
}

func TestAChangedCallIsAVersionThatSaysWhatChanged(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	o, err := enter(t, db.App, chest())
	if err != nil {
		t.Fatal(err)
	}
	lost := o
	lost.Status = "nonsense"
	var bad ledger.Invalid
	if _, err = change(t, db.App, lost, "x"); !errors.As(err, &bad) || bad["status"] == "" {
		t.Errorf("a status nobody knows: %v", err)
	}
	stale := o
	o.Call.Most, o.Call.Deadlines[1].On, o.VerifiedOn = 500_000, day("2026-12-25"), ledgertest.Today
	if v, err := change(t, db.App, o, "募集要項が改められた"); err != nil || v != 2 {
		t.Fatalf("Change = %d, %v; want 2", v, err)
	}
	if _, err = change(t, db.App, stale, "x"); !errors.Is(err, catalogue.ErrConflict) {
		t.Errorf("a change on the first version: %v; want %v", err, catalogue.ErrConflict)
	}
	versions, err := catalogue.Versions(t.Context(), db.App, o.ID)
	if err != nil || len(versions) != 2 || !slices.Equal(versions[0].Changed, []string{"most", "deadlines"}) || versions[1].Call.Most != 300_000 {
		t.Errorf("Versions = %+v, %v", versions, err)
	}
	found, err := catalogue.Find(t.Context(), db.App, o.ID)
	if err != nil || found.Version != 2 || found.VerifiedOn != ledgertest.Today || found.Call.On(catalogue.Closing) != day("2026-12-25") {
		t.Errorf("Find = %+v, %v", found, err)
	}
	if v, err := change(t, db.App, found, "何も"); err != nil || v != 2 {
		t.Errorf("the same said again is version %d, %v; want still 2", v, err)
	}
	if _, err = db.App.Exec(`UPDATE opportunity_version SET reason = 'x' WHERE opportunity_id = $1`, o.ID); err == nil {
		t.Error("a version was changed")
	}
}

func TestARoundIsKnownOnceAndReturnsNextYear(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	o, err := enter(t, db.App, chest())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = enter(t, db.App, chest()); !errors.Is(err, catalogue.ErrSameRound) {
		t.Errorf("the same round again: %v; want %v", err, catalogue.ErrSameRound)
	}
	forward := func() (next catalogue.Opportunity, err error) {
		err = within(t, db.App, func(tx *sqlx.Tx) error {
			id, err := catalogue.CopyForward(t.Context(), tx, o.ID, author, ledgertest.At)
			if err == nil {
				next, err = catalogue.Find(t.Context(), tx, id)
			}
			return err
		})
		return next, err
	}
	next, err := forward()
	if err != nil || next.FiscalYear != 2027 || next.Status != catalogue.Forecast || next.Call.On(catalogue.Closing) != day("2027-12-18") || !next.VerifiedOn.IsZero() || next.CopiedFrom != o.ID {
		t.Errorf("CopyForward = %+v, %v", next, err)
	}
	if _, err = forward(); !errors.Is(err, catalogue.ErrSameRound) {
		t.Errorf("copied again: %v; want %v", err, catalogue.ErrSameRound)
	}
	current, err := catalogue.Current(t.Context(), db.App, ledgertest.Today)
	if err != nil || len(current) != 2 || current[0].ID != o.ID {
		t.Errorf("Current = %+v, %v; want both, the sooner first", current, err)
	}
}

func TestCallsThatMakeNoSenseAreRefusedAtTheirField(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*catalogue.Call)
		field  string
	}{
		"no title":               {func(c *catalogue.Call) { c.Title = " " }, "title"},
		"most below least":       {func(c *catalogue.Call) { c.Least = 400_000 }, "most"},
		"closes before it opens": {func(c *catalogue.Call) { c.Deadlines[1].On = day("2026-10-31") }, "deadlines"},
		"proposed after it closed": {func(c *catalogue.Call) {
			c.Deadlines = append(c.Deadlines, catalogue.Deadline{Kind: "推薦締切", On: day("2026-12-19")})
		}, "deadlines"},
		"a deadline without a day":    {func(c *catalogue.Call) { c.Deadlines[1].On = ledger.Date{} }, "deadlines"},
		"a time that is none":         {func(c *catalogue.Call) { c.Deadlines[1].Time = "25:00" }, "deadlines"},
		"an address that is a script": {func(c *catalogue.Call) { c.SourceURL = "javascript:alert(1)" }, "source_url"},
		"a rule without its quote":    {func(c *catalogue.Call) { c.Rules[0].Quote = "" }, "rules"},
		"an amount beyond belief":     {func(c *catalogue.Call) { c.Fund = 1 << 50 }, "fund"},
	} {
		call := chest().Call
		test.change(&call)
		if bad := call.Check(); bad[test.field] == "" {
			t.Errorf("%s: Check = %v; want a problem at %s", name, bad, test.field)
		}
	}
	if bad := chest().Call.Check(); len(bad) > 0 {
		t.Errorf("a sound call: %v", bad)
	}
}

func TestADismissedCallComesBackWithANewerVersion(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book, other := ledgertest.NewBook(t, db.App), ledgertest.NewBook(t, db.App)
	o, err := enter(t, db.App, chest())
	if err != nil {
		t.Fatal(err)
	}
	dismiss := func(reason string) error {
		return within(t, db.App, func(tx *sqlx.Tx) error {
			return catalogue.Dismiss(t.Context(), tx, book.ID, o, reason, ledger.ByPerson(1, "練習"), ledgertest.At)
		})
	}
	var bad ledger.Invalid
	if err = dismiss(" "); !errors.As(err, &bad) {
		t.Errorf("without a reason: %v", err)
	}
	if err = dismiss("額が小さい"); err != nil {
		t.Fatal(err)
	}
	if mine, err := catalogue.Dismissed(t.Context(), db.App, book.ID); err != nil || mine[o.ID] != "額が小さい" {
		t.Errorf("Dismissed = %v, %v", mine, err)
	}
	if theirs, err := catalogue.Dismissed(t.Context(), db.App, other.ID); err != nil || len(theirs) > 0 {
		t.Errorf("another group sees %v, %v", theirs, err)
	}
	o.Call.Most = 500_000
	if _, err = change(t, db.App, o, "増額"); err != nil {
		t.Fatal(err)
	}
	if mine, err := catalogue.Dismissed(t.Context(), db.App, book.ID); err != nil || len(mine) > 0 {
		t.Errorf("after a newer version it is still dismissed: %v, %v", mine, err)
	}
}

const sheet = `助成団体,制度名,年度,募集名,上限額,募集開始,締切,締切の種類,支払い,地域,分野
練習財団,居場所づくり,2026,居場所づくり助成,"１，０００，０００円",2026/11/1,2026/12/20,消印有効,概算払,全国,居場所、食堂
練習財団,居場所づくり,2026,居場所づくり助成,1000000,2026/11/1,2026/12/20,消印有効,概算払,全国,居場所
練習財団,日の誤り,2026,日の誤り,五万,2026/12/1,2026/11/31,必着,,全国,
練習市,随時の助成,2026,随時の助成,150000,,,随時,精算払,練習市,見守り
`

func TestACSVIsLookedAtBeforeItIsTaken(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	shifted, err := japanese.ShiftJIS.NewEncoder().String(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"UTF-8 with a mark": "\ufeff" + sheet, "Shift_JIS": shifted} {
		rows, err := catalogue.ReadCSV([]byte(file))
		if err != nil || len(rows) != 4 {
			t.Fatalf("%s: %d rows, %v", name, len(rows), err)
		}
		rows, err = catalogue.Preview(t.Context(), db.App, rows)
		if err != nil {
			t.Fatal(err)
		}
		var actions []catalogue.Action
		for _, r := range rows {
			actions = append(actions, r.Action)
		}
		if want := []catalogue.Action{catalogue.New, catalogue.Refused, catalogue.Refused, catalogue.New}; !slices.Equal(actions, want) {
			t.Errorf("%s: %v; want %v", name, actions, want)
		}
		if rows[2].Bad["most"] == "" || rows[2].Bad["deadlines"] == "" || rows[2].Line != 4 {
			t.Errorf("%s: line %d: %v", name, rows[2].Line, rows[2].Bad)
		}
	}
	take := func(text string) int {
		rows, err := catalogue.ReadCSV([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		if err = within(t, db.App, func(tx *sqlx.Tx) error {
			n, err = catalogue.Take(t.Context(), tx, rows, author, ledgertest.At)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := take(sheet); n != 2 {
		t.Errorf("%d taken; want 2", n)
	}
	if n := take(sheet); n != 0 {
		t.Errorf("%d taken a second time; want none", n)
	}
	if n := take(strings.ReplaceAll(sheet, "2026/12/20", "2026/12/27")); n != 1 {
		t.Errorf("%d taken of the changed file; want the one whose day moved", n)
	}
}

func TestASavedAnswerOfJgrantsIsRead(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	answer := `{"metadata": {"type": "x"}, "result": [
		{"id": "a0W5h00000UaAAA", "name": "S-00000001", "title": "練習 まちなか居場所補助金", "institution_name": "練習市", "subsidy_catch_phrase": "居場所を開く団体へ",
		 "detail": "<p>対象は<b>市内の団体</b></p><script>alert(1)</script><ul><li>家賃</li></ul>", "use_purpose": "まちづくり / 地域振興", "target_area_search": "鹿児島県",
		 "subsidy_rate": "2/3以内", "subsidy_max_limit": 500000, "acceptance_start_datetime": "2026-11-01T00:00:00.000Z", "acceptance_end_datetime": "2026-12-25T08:00:00.000Z",
		 "front_subsidy_detail_page_url": "https://www.jgrants-portal.go.jp/subsidy/a0W5h00000UaAAA"},
		{"id": "", "title": "番号がない"}]}`
	rows, err := catalogue.ReadJgrants([]byte(answer))
	if err != nil || len(rows) != 2 {
		t.Fatalf("ReadJgrants = %d rows, %v", len(rows), err)
	}
	call := rows[0].Round.Call
	if call.On(catalogue.Closing) != day("2026-12-25") || call.Deadlines[1].Time != "17:00" || call.Most != 500_000 || rows[0].Round.FiscalYear != 2026 {
		t.Errorf("call %+v", call)
	}
	if want := "居場所を開く団体へ\n対象は市内の団体\n家賃\n補助率：2/3以内"; call.Summary != want {
		t.Errorf("summary %q; want %q", call.Summary, want)
	}
	rows, err = catalogue.Preview(t.Context(), db.App, rows)
	if err != nil || rows[0].Action != catalogue.New || rows[1].Action != catalogue.Refused {
		t.Errorf("Preview = %+v, %v", rows, err)
	}
	for name, file := range map[string]string{"words": "こんにちは", "another answer": `{"result": []}`, "a number": `5`} {
		if _, err = catalogue.ReadJgrants([]byte(file)); !errors.Is(err, catalogue.ErrFile) {
			t.Errorf("%s: %v; want %v", name, err, catalogue.ErrFile)
		}
	}
}
