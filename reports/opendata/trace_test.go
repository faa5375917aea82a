package opendata_test

import (
	"encoding/csv"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

// recomputed is a part of a gift as somebody works it out who has the list and knows nothing of this program: 「数字を自分で計算する」.
type recomputed struct {
	use                 string
	amount, since, left int64
	reported            []int64
}

// split gives whole yen by the largest remainder, ties to the first: written again here, out of the words of the page.
func split(yen int64, weights []int64) []int64 {
	total := new(big.Int)
	for _, w := range weights {
		total.Add(total, big.NewInt(w))
	}
	parts, rests, given := make([]int64, len(weights)), make([]*big.Int, len(weights)), int64(0)
	for i, w := range weights {
		whole, rest := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(yen), big.NewInt(w)), total, new(big.Int))
		parts[i], rests[i] = whole.Int64(), rest
		given += parts[i]
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rests[b].Cmp(rests[a]) })
	for _, i := range order[:yen-given] {
		parts[i]++
	}
	return parts
}

// useRow is what the list says of a use.
type useRow struct {
	name                   string
	received, named, spent int64
	reported               []int64
}

// read takes the uses out of the list by the heads of its columns.
func read(t interface{ Fatal(...any) }, file []byte) []useRow {
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(file), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	number := func(row []string, column string) int64 {
		n, err := strconv.ParseInt(row[at[column]], 10, 64)
		if err != nil {
			t.Fatal(column, err)
		}
		return n
	}
	var uses []useRow
	for _, row := range rows[1:] {
		switch row[at["行"]] {
		case "使いみち":
			uses = append(uses, useRow{name: row[at["番号"]], received: number(row, "届いた"), named: number(row, "うち指定"), spent: number(row, "使った")})
		case "報告":
			u := &uses[number(row, "番号")-1]
			u.reported = append(u.reported, number(row, "使った"))
		}
	}
	return uses
}

// recompute follows one part of a gift: yen, and the number of the use it is meant for, or 0.
func recompute(uses []useRow, yen int64, use int) []recomputed {
	weights := make([]int64, len(uses))
	sum := int64(0)
	for i, u := range uses {
		switch {
		case use == 0:
			weights[i] = max(0, u.received-u.named)
		case use == i+1:
			weights[i] = 1
		}
		sum += weights[i]
	}
	if sum == 0 {
		return nil
	}
	var parts []recomputed
	for i, amount := range split(yen, weights) {
		if amount == 0 {
			continue
		}
		u := uses[i]
		whole := max(u.received, amount)
		gone := min(max(0, u.spent), whole)
		halves := split(amount, []int64{gone, whole - gone})
		part := recomputed{use: u.name, amount: amount, since: halves[0], left: halves[1], reported: make([]int64, len(u.reported))}
		if halves[0] > 0 {
			told, by := int64(0), make([]int64, len(u.reported)+1)
			for k, r := range u.reported {
				upTo := min(max(told, r), u.spent)
				by[k], told = upTo-told, upTo
			}
			by[len(u.reported)] = u.spent - told
			shares := split(halves[0], by)
			part.reported, part.since = shares[:len(u.reported)], shares[len(u.reported)]
		}
		parts = append(parts, part)
	}
	return parts
}

// agree fails unless the program's trace is what the list gives.
func agree(t interface {
	Fatal(...any)
	Errorf(string, ...any)
}, d opendata.Campaign, yen ledger.Yen, use int) {
	file, err := opendata.CSV(d)
	if err != nil {
		t.Fatal(err)
	}
	held := campaigns.Holding{Amount: yen}
	if use > 0 {
		held.UseID = d.Uses[use-1].ID
	}
	trace, err := d.Trace([]campaigns.Holding{held})
	if err != nil {
		t.Fatal(err)
	}
	want := recompute(read(t, file), int64(yen), use)
	if len(trace.Parts) != len(want) {
		t.Fatal("parts", len(trace.Parts), "of", len(want))
	}
	var sum ledger.Yen
	for i, got := range trace.Parts {
		w := want[i]
		reported := make([]int64, len(got.Reported))
		for k, r := range got.Reported {
			reported[k] = int64(r)
		}
		if strconv.Itoa(got.Number) != w.use || int64(got.Amount) != w.amount || int64(got.Since) != w.since || int64(got.Left) != w.left || !slices.Equal(reported, w.reported) {
			t.Errorf("part %+v, from the list %+v", got, w)
		}
		told := got.Since + got.Left
		for _, r := range got.Reported {
			told += r
		}
		if told != got.Amount {
			t.Errorf("a part of %s is told as %s", got.Amount, told)
		}
		sum += got.Amount
	}
	if len(want) > 0 && sum != yen {
		t.Errorf("%s of %s", sum, yen)
	}
}

// TestWhoHasTheListComputesTheSameTrace: whatever the uses, the reports and the gift, and from the file alone.
func TestWhoHasTheListComputesTheSameTrace(t *testing.T) {
	t.Parallel()
	yen := func(r *rapid.T, what string) ledger.Yen {
		return ledger.Yen(rapid.Int64Range(0, 1_000_000).Draw(r, what))
	}
	rapid.Check(t, func(r *rapid.T) {
		d := opendata.Campaign{Slug: "haishoku"}
		for range rapid.IntRange(0, 3).Draw(r, "reports") {
			d.Reports = append(d.Reports, opendata.Report{Number: "r-" + strconv.Itoa(len(d.Reports))})
		}
		for i := range rapid.IntRange(1, 5).Draw(r, "uses") {
			u := opendata.Use{ID: int64(100 + i), Number: i + 1, Name: "=使いみち", Received: yen(r, "received"), Spent: yen(r, "spent")}
			u.Named = min(u.Received, yen(r, "named"))
			for range d.Reports {
				u.Reported = append(u.Reported, yen(r, "reported"))
			}
			d.Uses = append(d.Uses, u)
		}
		agree(r, d, 1+yen(r, "gift"), rapid.IntRange(0, len(d.Uses)).Draw(r, "meant for"))
	})
}

// TestPartsOfOneGiftAreJoinedByTheirUse: a gift of which a part was moved to another use.
func TestPartsOfOneGiftAreJoinedByTheirUse(t *testing.T) {
	t.Parallel()
	d := opendata.Campaign{Uses: []opendata.Use{{ID: 1, Number: 1, Received: 60_000, Spent: 30_000, Reported: []ledger.Yen{15_000}}, {ID: 2, Number: 2, Received: 20_000, Reported: []ledger.Yen{0}}},
		Reports: []opendata.Report{{Number: "r-1"}}}
	trace, err := d.Trace([]campaigns.Holding{{UseID: 2, Amount: 400}, {Amount: 600}})
	if err != nil || len(trace.Parts) != 2 || trace.Gift != 1_000 {
		t.Fatalf("%+v, %v", trace, err)
	}
	one, two := trace.Parts[0], trace.Parts[1]
	if one.Amount != 450 || one.Reported[0] != 113 || one.Since != 112 || one.Left != 225 || two.Amount != 550 || two.Left != 550 || one.Spent() != 225 {
		t.Errorf("%+v", trace.Parts)
	}
}
