package main

import (
	"strings"
	"testing"
)

func TestMeasurementsOfTheLogPrintTheirTables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"seal", "-seconds", "0.05", "-rounds", "1", "-clients", "2"}, "hot/64 books"},
		{[]string{"balances", "-sizes", "10,60", "-rounds", "2"}, "a page of the journal"},
		{[]string{"verify", "-records", "50"}, "\n50 "},
	} {
		t.Run(c.args[0], func(t *testing.T) {
			t.Parallel()
			if table := measure(t, c.args...); !strings.Contains(table, c.want) {
				t.Errorf("lacks %q:\n%s", c.want, table)
			}
		})
	}
}
