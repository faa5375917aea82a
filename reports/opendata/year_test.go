package opendata

import (
	"fmt"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestAccountsOfFewStandWithTheSmallestOther(t *testing.T) {
	t.Parallel()
	flow := func(code int, plain string, balance ledger.Yen) ledger.AccountBalance {
		return ledger.AccountBalance{Account: ledger.Account{Code: code, Plain: plain}, Balance: balance}
	}
	grants, dues, gifts, goods := flow(4410, "助成", -200_000), flow(4110, "会費", -36_000), flow(4210, "寄付", -3_000), flow(4220, "品物", -5_000)
	for _, test := range []struct {
		name  string
		flows []ledger.AccountBalance
		few   map[int]bool
		want  string
	}{
		{"many gave", []ledger.AccountBalance{grants, dues, gifts}, nil, "[助成 -200,000 会費 -36,000 寄付 -3,000]"},
		{"one gave", []ledger.AccountBalance{grants, dues, gifts}, map[int]bool{4210: true}, "[助成 -200,000 寄付・会費 -39,000]"},
		{"few gave money and goods", []ledger.AccountBalance{grants, goods, gifts}, map[int]bool{4210: true, 4220: true}, "[品物・寄付・助成 -208,000]"},
		{"there is nothing else: it is the whole", []ledger.AccountBalance{gifts}, map[int]bool{4210: true}, "[寄付 -3,000]"},
	} {
		var got []string
		for _, f := range joinFew(test.flows, test.few) {
			got = append(got, f.Plain+" "+f.Balance.String())
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s: got %v, want %s", test.name, got, test.want)
		}
	}
}
