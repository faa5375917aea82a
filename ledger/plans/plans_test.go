package plans_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var coordinator = ledger.ByPerson(1, "練習 コーディネーター")

func body() plans.Body {
	return plans.Body{
		Voice: "バスが減って病院に行けない", Assessed: "通院の足を失った人がいる", Name: "通院の付き添い", Content: "月に8回、車で送る",
		Survey:   plans.Survey{Who: "75歳以上の世帯", How: "民生委員による聞き取り"},
		Formal:   []plans.Partner{{Name: "地域包括支援センター", Role: "相談"}},
		Informal: []plans.Partner{{Name: "町内会"}, {Name: "茶話会の人たち"}},
		Steps:    []plans.Step{{Month: "2026-12", What: "説明会", Who: "町内会"}, {Month: "2027-01", What: "担い手の講座"}},
		Costs:    []plans.Cost{{What: "ガソリン代", Quantity: 96, Unit: "回", Price: 300}, {What: "保険", Quantity: 1, Price: 24_000}},
		Funding:  []plans.Funding{{Source: plans.Donations, Amount: 52_800}},
	}
}

func start(t *testing.T, db *sqlx.DB, book ledgertest.Book, w plans.Worksheet) (plans.Worksheet, error) {
	t.Helper()
	w.OrganisationID = book.ID
	err := ledger.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		id, err := plans.Start(t.Context(), tx, w, coordinator, ledgertest.At)
		if err == nil {
			w, err = plans.Find(t.Context(), tx, book.ID, id)
		}
		return err
	})
	return w, err
}

func save(t *testing.T, db *sqlx.DB, w plans.Worksheet) (saved plans.Worksheet, err error) {
	t.Helper()
	err = ledger.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		saved, err = plans.Save(t.Context(), tx, w, coordinator, ledgertest.At)
		return err
	})
	return saved, err
}

func TestTwoPeopleSavingOneSheetSeeEachOther(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	first, err := start(t, db.App, book, plans.Worksheet{Title: "通院の足", Body: body(), Notes: "練習ヤマダさんの件"})
	if err != nil {
		t.Fatal(err)
	}
	second := first
	first.Body.Content = "月に10回、車で送る"
	if first, err = save(t, db.App, first); err != nil || first.Revision != 2 {
		t.Fatalf("Save = revision %d, %v; want 2", first.Revision, err)
	}
	second.Body.Helpers = "講座を4回ひらく"
	newer, err := save(t, db.App, second)
	if !errors.Is(err, plans.ErrConflict) || newer.Body.Content != "月に10回、車で送る" || newer.Revision != 2 {
		t.Errorf("Save on an old revision = %+v, %v; want the newer sheet and %v", newer, err, plans.ErrConflict)
	}
	if found, err := plans.Find(t.Context(), db.App, book.ID, first.ID); err != nil || found.Notes != "練習ヤマダさんの件" || found.SavedBy != coordinator.Name {
		t.Errorf("Find = %+v, %v", found, err)
	}
	other := ledgertest.NewBook(t, db.App)
	if _, err = plans.Find(t.Context(), db.App, other.ID, first.ID); !errors.Is(err, plans.ErrNoWorksheet) {
		t.Errorf("another organisation finds it: %v", err)
	}
}

func TestAVersionStaysAsItWasKeptAndHasNoNotes(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	w, err := start(t, db.App, book, plans.Worksheet{Title: "通院の足", Body: body(), Notes: "ひみつ"})
	if err != nil {
		t.Fatal(err)
	}
	for i, reason := range []string{"協議体に出す", "見積りが来た"} {
		err = ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
			n, err := plans.Keep(t.Context(), tx, book.ID, w.ID, reason, coordinator, ledgertest.At)
			if n != i+1 {
				t.Errorf("Keep = version %d; want %d", n, i+1)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Body.Name = "通院と買い物の付き添い"
		if w, err = save(t, db.App, w); err != nil {
			t.Fatal(err)
		}
	}
	versions, err := plans.Versions(t.Context(), db.App, book.ID, w.ID)
	if err != nil || len(versions) != 2 || versions[1].Body.Name != "通院の付き添い" || versions[0].Reason != "見積りが来た" {
		t.Errorf("Versions = %+v, %v", versions, err)
	}
	var secrets int
	if err = db.App.Get(&secrets, `SELECT count(*) FROM worksheet_version v WHERE v.organisation_id = $1 AND v::text LIKE '%ひみつ%'`, book.ID); err != nil || secrets != 0 {
		t.Errorf("%d versions hold the notes, %v", secrets, err)
	}
}

func TestAClosedSheetIsReadAndNotWritten(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	w, err := start(t, db.App, book, plans.Worksheet{Title: "通院の足"})
	if err != nil {
		t.Fatal(err)
	}
	if err = ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error { return plans.Close(t.Context(), tx, book.ID, w.ID, ledgertest.At) }); err != nil {
		t.Fatal(err)
	}
	if _, err = save(t, db.App, w); !errors.Is(err, plans.ErrClosed) {
		t.Errorf("Save of a closed sheet = %v", err)
	}
	keep := func() error {
		return ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
			_, err := plans.Keep(t.Context(), tx, book.ID, w.ID, "協議体の前に", coordinator, ledgertest.At)
			return err
		})
	}
	if err = keep(); !errors.Is(err, plans.ErrClosed) {
		t.Errorf("Keep of a closed sheet = %v", err)
	}
	if all, err := plans.List(t.Context(), db.App, book.ID); err != nil || len(all) != 1 || !all[0].Closed {
		t.Errorf("List = %+v, %v", all, err)
	}
	if err = ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error { return plans.Reopen(t.Context(), tx, book.ID, w.ID) }); err != nil {
		t.Fatal(err)
	}
	if _, err = save(t, db.App, w); err != nil {
		t.Errorf("Save of a sheet taken out again = %v", err)
	}
	if err = keep(); err != nil {
		t.Errorf("Keep of a sheet taken out again = %v", err)
	}
}

func TestWhatDoesNotFitTheSheetIsSaidAtItsBox(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	w := plans.Worksheet{Title: " ", Body: body(), Notes: strings.Repeat("あ", 4_001)}
	w.Body.Content = strings.Repeat("あ", 4_001)
	w.Body.Costs[0].Price = 9_999_999_999_999
	w.Body.Steps[0].Month = "2026-13"
	var bad ledger.Invalid
	if _, err := start(t, db.App, book, w); !errors.As(err, &bad) {
		t.Fatalf("Start = %v; want Invalid", err)
	}
	for name, w := range map[string]plans.Worksheet{"a title": {Title: "a\x00b"}, "a box": {Title: "𠮷田の会", Body: plans.Body{Content: "a\x00b"}}} {
		var refused ledger.Invalid
		if _, err := start(t, db.App, book, w); !errors.As(err, &refused) {
			t.Errorf("a character no text can hold in %s: %v; want Invalid", name, err)
		}
	}
	for _, box := range []string{"title", "content", "costs", "steps", "notes"} {
		if bad[box] == "" {
			t.Errorf("nothing is said at %s: %v", box, bad)
		}
	}
}

func TestASheetFillsTheCommonKeysAndNoVoice(t *testing.T) {
	keys := body().Keys()
	for key, want := range map[string]string{
		"project.name": "通院の付き添い", "need.survey": "対象：75歳以上の世帯\n方法：民生委員による聞き取り", "partners.formal": "地域包括支援センター（相談）",
		"partners.informal": "町内会、茶話会の人たち", "project.schedule": "2026年12月　説明会（町内会）\n2027年1月　担い手の講座", "budget.total": "52,800",
	} {
		if keys[key] != want {
			t.Errorf("%s = %q; want %q", key, keys[key], want)
		}
	}
	for key, text := range keys {
		if strings.Contains(text, "バスが減って") {
			t.Errorf("%s holds what people said", key)
		}
	}
	if _, there := keys["team.structure"]; there {
		t.Error("an empty box has a key")
	}
}
