package ledger_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func day(text string) ledger.Date {
	d, err := ledger.ParseDate(text)
	if err != nil {
		panic(text)
	}
	return d
}

func TestDayIsTokyosWhereverTheInstantIsWritten(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ instant, want string }{
		{"2026-11-24T14:59:59Z", "2026-11-24"},
		{"2026-11-24T15:00:00Z", "2026-11-25"},
		{"2026-11-25T00:00:00+09:00", "2026-11-25"},
		{"2026-11-24T23:30:00-10:00", "2026-11-25"},
		{"2027-03-31T15:00:00Z", "2027-04-01"},
	} {
		at, err := time.Parse(time.RFC3339, test.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := ledger.DateOf(at).String(); got != test.want {
			t.Errorf("DateOf(%s) = %s; want %s", test.instant, got, test.want)
		}
	}
}

func TestDayBeginsAtMidnightInTokyo(t *testing.T) {
	t.Parallel()
	at := day("2026-11-24").Midnight()
	if got, want := at.UTC().Format(time.RFC3339), "2026-11-23T15:00:00Z"; got != want {
		t.Errorf("Midnight = %s; want %s", got, want)
	}
	if got := ledger.DateOf(at.Add(-time.Nanosecond)); got != day("2026-11-23") {
		t.Errorf("the instant before is of %s; want 2026-11-23", got)
	}
}

func TestDateAgreesWithTheCalendar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-62_135_596_800, 253_402_300_799).Draw(t, "seconds"), 0).UTC() // years 1–9999
		at = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
		d := ledger.NewDate(at.Date())
		if d.Year() != at.Year() || d.Month() != at.Month() || d.Day() != at.Day() || d.Weekday() != at.Weekday() {
			t.Fatalf("%s is %d-%d-%d, a %s", at, d.Year(), d.Month(), d.Day(), d.Weekday())
		}
		n := rapid.IntRange(-100_000, 100_000).Draw(t, "days")
		later, want := d.AddDays(n), at.AddDate(0, 0, n)
		if later != ledger.NewDate(want.Date()) || later.Sub(d) != n || later.Before(d) != (n < 0) || later.After(d) != (n > 0) {
			t.Fatalf("%s and %d days = %s; want %s", d, n, later, want.Format(time.DateOnly))
		}
	})
}

func TestZeroDateIsNoDay(t *testing.T) {
	t.Parallel()
	var d ledger.Date
	if !d.IsZero() || d.String() != "" || d.Year() != 0 || d.Month() != 0 || d.Day() != 0 {
		t.Errorf("the zero Date is %q, %d-%d-%d; want nothing", d, d.Year(), d.Month(), d.Day())
	}
	if ledger.NewDate(1, 1, 1).IsZero() {
		t.Error("the first day of the calendar passes for no day")
	}
}

func TestParseDateReadsWhatPeopleType(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"2026-03-04", "2026/3/4", "2026／３／４", "2026年3月4日", "２０２６年３月４日", "20260304", "2026.3.4", " 2026-3-4 ", "２０２６－０３－０４",
	} {
		if got, err := ledger.ParseDate(text); err != nil || got != ledger.NewDate(2026, time.March, 4) {
			t.Errorf("ParseDate(%q) = %s, %v; want 2026-03-04", text, got, err)
		}
	}
	for _, text := range []string{
		"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-3-4", "3/4", "1867-12-31", "3000-01-01", "令和8年3月4日",
		"2026-03-04T10:00", "2026日3月4", "202634", "2026--3-4", "-2026-3-4", "2026-3-4x",
	} {
		if got, err := ledger.ParseDate(text); !errors.Is(err, ledger.ErrDay) {
			t.Errorf("ParseDate(%q) = %s, %v; want ErrDay", text, got, err)
		}
	}
}

func TestDateKeepsThroughJSON(t *testing.T) {
	t.Parallel()
	type paper struct{ Issued, Voided ledger.Date }
	want := paper{Issued: day("2026-11-24")}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != `{"Issued":"2026-11-24","Voided":""}` {
		t.Errorf("written as %s", text)
	}
	var got paper
	if err = json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("read back as %v, %v; want %v", got, err, want)
	}
	if err = json.Unmarshal([]byte(`{"Issued":"2026-02-30"}`), &got); !errors.Is(err, ledger.ErrDay) {
		t.Errorf("a day that does not exist gives %v; want ErrDay", err)
	}
}

func TestDateKeepsThroughTheDatabase(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	for _, want := range []ledger.Date{{}, day("1868-01-01"), day("2026-11-24"), day("2024-02-29"), day("2999-12-31")} {
		var got ledger.Date
		if err := db.Get(&got, `SELECT $1::date`, want); err != nil || got != want {
			t.Errorf("%q came back as %q, %v", want, got, err)
		}
		var next ledger.Date
		if err := db.Get(&next, `SELECT $1::date + 1`, want); err != nil || (!want.IsZero() && next != want.AddDays(1)) {
			t.Errorf("the day after %q is %q, %v in SQL", want, next, err)
		}
	}
	var got ledger.Date
	if err := got.Scan(17); !errors.Is(err, ledger.ErrDay) {
		t.Errorf("a number scans as a day: %v", err)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, text := range []string{"2026-11-24", "2026年11月24日", "20261124", "２０２６／１１／２４", "2026-02-29", "2024-2-29", "日", "0000-00-00", "\xff-1-1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ledger.ParseDate(text)
		if err != nil {
			if !errors.Is(err, ledger.ErrDay) || !d.IsZero() {
				t.Fatalf("ParseDate(%q) = %s, %v; want no day and ErrDay", text, d, err)
			}
			return
		}
		if d.Year() < 1868 || d.Year() > 2999 {
			t.Fatalf("ParseDate(%q) = %s, out of range", text, d)
		}
		if back, err := ledger.ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("ParseDate(%q) = %s, %v; want %s back", d.String(), back, err, d)
		}
	})
}
