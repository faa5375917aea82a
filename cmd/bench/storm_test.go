package main

import (
	"strings"
	"testing"
)

func TestStormLosesNothing(t *testing.T) {
	t.Parallel()
	table := measure(t, "storm", "-webhooks", "60", "-connections", "20", "-quiet", "0.2")
	for _, want := range []string{"Of 60: 60 events kept, 60 followed, 60 gifts paid, 60 bookings of them and 0 of anything twice; 20 receipts issued", "giving (POST), meanwhile"} {
		if !strings.Contains(table, want) {
			t.Errorf("lacks %q:\n%s", want, table)
		}
	}
}
