package reports_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// Two letters went, one came back, one is under way; the page was opened three times on two days; 50 copies went to 120 households.
func TestReachCountsLettersCopiesAndReadings(t *testing.T) {
	t.Parallel()
	b := spent(t)
	content := complete(b.figures())
	content.RestBy = b.Today().AddDays(30)
	id := b.draft(content)
	note := func(printed, circulated int) error {
		return b.Try(func(tx *sqlx.Tx) error {
			return reports.NoteReach(t.Context(), tx, b.ID, id, printed, circulated, b.Treasurer, b.At)
		})
	}
	if err := note(50, 120); !errors.Is(err, reports.ErrNotFound) {
		t.Errorf("copies of a draft: %v", err)
	}
	mustPublish(t, b, id)
	number := b.report(id).Number
	for i, state := range []string{"sent_at", "sent_at", "failed_at", "keep_until"} {
		_, err := b.DB.ExecContext(t.Context(), `
			INSERT INTO mail (organisation_id, kind, key, recipient, subject, text, created_at, keep_until, next_at)
			VALUES ($1, 'report', $2, 'a@example.jp', 's', 't', $3, $3, $3)`, b.ID, "report:"+number+":"+string(rune('1'+i)), b.At)
		if err == nil {
			_, err = b.DB.ExecContext(t.Context(), `
				UPDATE mail SET `+map[bool]string{true: "next_at = $3", false: state + " = $3"}[state == "keep_until"]+`
				 WHERE organisation_id = $1 AND key = $2`, b.ID, "report:"+number+":"+string(rune('1'+i)), b.At)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, days := range []int{0, 0, 1} {
		if err := reports.CountReading(t.Context(), b.DB, b.ID, id, b.Today().AddDays(days)); err != nil {
			t.Fatal(err)
		}
	}
	for _, counted := range [][2]int{{40, 100}, {50, 120}} {
		if err := note(counted[0], counted[1]); err != nil {
			t.Fatal(err)
		}
	}
	var bad ledger.Invalid
	if err := note(-1, 10_000_000); !errors.As(err, &bad) || len(bad) != 2 {
		t.Errorf("what nobody can count: %v", err)
	}
	got, err := reports.FindReach(t.Context(), b.DB, b.ID, id, number)
	if want := (reports.Reach{Mailed: 2, Bounced: 1, Waiting: 1, Read: 3, Printed: 50, Circulated: 120}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}
