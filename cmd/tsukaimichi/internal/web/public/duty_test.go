package public

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Two years of one group: of five reports two came in time, one late, one is late now, one is still to come.
func TestAnOrganisationTellsItsYearsOfPromises(t *testing.T) {
	t.Parallel()
	day := ledger.NewDate
	at := func(d ledger.Date) time.Time { return d.Midnight().Add(12 * time.Hour) }
	g := Group{Organisation: ledger.Organisation{FiscalMonth: 4}, Today: day(2027, time.May, 10), Duties: []campaigns.Duty{
		{CampaignID: 1, Number: 1, DueOn: day(2025, time.June, 1), MetAt: at(day(2025, time.June, 1)), ClosedOn: day(2025, time.April, 2), LeftOver: 4_000},
		{CampaignID: 1, Number: 2, DueOn: day(2026, time.March, 31), MetAt: at(day(2026, time.March, 1))},
		{CampaignID: 2, Number: 1, DueOn: day(2026, time.April, 1), MetAt: at(day(2026, time.April, 11)), ClosedOn: day(2026, time.April, 1)},
		{CampaignID: 3, Number: 1, DueOn: day(2027, time.May, 3)},
		{CampaignID: 4, Number: 1, DueOn: day(2027, time.May, 10)},
	}}
	p := keptPromises(g)
	if want := "これまでに約束した報告4件のうち、2件を期限までに、1件をおくれて報告しました。1件は、報告待ちです。"; p.Lead != want {
		t.Errorf("got %s", p.Lead)
	}
	if want := "募集が終わってから最初の報告まで、早くて10日、おそくて60日でした。"; p.Days != want {
		t.Errorf("got %s", p.Days)
	}
	for i, want := range []struct {
		year, say string
		blocks    int
	}{{"2027年度", "報告待ち 1件、これから 1件", 2}, {"2026年度", "おくれて報告 1件", 1}, {"2025年度", "期限までに報告 2件", 2}} {
		if got := p.Years[i]; got.Name != want.year || got.Say != want.say || strings.Count(string(got.Drawn), "<rect") != want.blocks {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if p.Each[0].Text != "約束は2027年5月10日まで。これからです。" || p.Each[4].Text != "約束は2025年6月1日まで。2025年6月1日に報告しました。残り4,000円。" {
		t.Errorf("one by one: %q … %q", p.Each[0].Text, p.Each[4].Text)
	}
}
