package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain lets the page measurement start this binary again as the bare server.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "bare" {
		main()
		return
	}
	os.Exit(m.Run())
}

// tool skips the test where a program from outside is missing, or fails it under CI=true, where none may be.
func tool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing: apt-get install %s", name, name)
	}
	t.Skipf("%s is missing: apt-get install %s", name, name)
}

// measure runs a measurement as small as it gets and returns its table. What it says of time is nobody's business here.
func measure(t *testing.T, args ...string) string {
	t.Helper()
	var out strings.Builder
	if err := run(t.Context(), args, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPostPrintsItsTable(t *testing.T) {
	t.Parallel()
	table := measure(t, "post", "-seconds", "0.05", "-rounds", "1", "-clients", "1,2")
	for _, want := range []string{"PostgreSQL 1", "clients", "\n1 ", "\n2 ", "sealing"} {
		if !strings.Contains(table, want) {
			t.Errorf("lacks %q:\n%s", want, table)
		}
	}
}

func TestPagePrintsItsTable(t *testing.T) {
	t.Parallel()
	table := measure(t, "page", "-seconds", "0.05", "-rounds", "1", "-readers", "2", "-entries", "40")
	for _, want := range []string{"campaign page, gzip", "made anew", "unchanged, 304", "of the page", "with 40 older entries"} {
		if !strings.Contains(table, want) {
			t.Errorf("lacks %q:\n%s", want, table)
		}
	}
}

func TestPDFPrintsItsTable(t *testing.T) {
	t.Parallel()
	tool(t, "chromium")
	table := measure(t, "pdf", "-rounds", "1", "-times", "1")
	for _, want := range []string{"receipt", "usage report", "Chromium 1"} {
		if !strings.Contains(table, want) {
			t.Errorf("lacks %q:\n%s", want, table)
		}
	}
}

func TestUnknownIsRefused(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"run"}, {"post", "-clients", "0"}, {"bare"}} {
		if err := run(t.Context(), args, &strings.Builder{}); err == nil {
			t.Errorf("%v: took it", args)
		}
	}
}

func TestTableStandsInColumns(t *testing.T) {
	t.Parallel()
	table := table{title: "T", machine: "M", head: []string{"", "a"}, notes: []string{"N"}}
	table.add("使い道", "1")
	table.add("b", "10")
	var out strings.Builder
	if err := table.write(&out); err != nil {
		t.Fatal(err)
	}
	want := "T\nM\n\n      a\n使い道   1\nb    10\n\nN\n"
	if got := out.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMedianAndRatio(t *testing.T) {
	t.Parallel()
	if got := median([]float64{9, 1, 3, 2}); got != 2.5 {
		t.Errorf("got %v, want 2.5", got)
	}
	for _, test := range []struct {
		a, b float64
		want string
	}{{1, 3, "0.33"}, {200, 2, "100"}, {0, 1, "-"}, {1, 0, "-"}} {
		if got := ratio(test.a, test.b); got != test.want {
			t.Errorf("%v/%v: got %s, want %s", test.a, test.b, got, test.want)
		}
	}
}
