package main

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TestGiverAsksToBeErasedAndIs goes from the button on the private page to the letter, the treasurer's desk, and what is left afterwards.
func TestGiverAsksToBeErasedAndIs(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	n := p.giveByName("hoshino", campaigns.Donor{Name: "消去 花子", Mail: "shokyo@renshu.example", Address: "消去県消去市1-2"})
	ctx := context.Background()
	if _, err := p.db.ExecContext(ctx, `UPDATE organisation SET mail = 'midori@renshu.example' WHERE id = $1`, n.organisation); err != nil {
		t.Fatal(err)
	}
	p.eventually("the receipt by mail", func() bool {
		return strings.Contains(p.get("/practice/mail"), "寄附金受領証をお送りします")
	})
	p.sealAndSign(t, n.organisation)
	for range 2 { // asked twice it is one wish and one letter
		if shown, _ := p.post(n.path+"/erase", url.Values{}); !strings.Contains(text(shown), "消してほしいと、団体に伝えました") {
			t.Fatalf("the wish is not on the page: %s", text(shown))
		}
	}
	if letters := p.get("/practice/mail"); strings.Count(letters, "消してほしいという申し出がありました") != 1 {
		t.Errorf("the organisation was not told once: %s", text(letters))
	}
	treasurer := p.member(n.organisation, ledger.Treasurer)
	response, err := treasurer.Get(p.at + "/desk/hoshino")
	if desk := text(p.answer(response, err)); !strings.Contains(desk, "寄付した人の個人の情報を消す") {
		t.Errorf("nothing waits on the desk: %s", desk)
	}
	at := p.at + "/desk/hoshino/gifts/" + ledger.Yen(n.gift.ID).String() + "/erase"
	response, err = treasurer.PostForm(at, url.Values{"agree": {"yes"}})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	response, err = treasurer.Get(at)
	if done := text(p.answer(response, err)); !strings.Contains(done, "個人の情報を消しました") {
		t.Errorf("the treasurer is not told that it is done: %s", done)
	}
	for _, path := range []string{n.path, n.path + "/gift", n.path + "/record", "/c/fuyu", "/o/hoshino", "/practice/mail"} {
		if page := p.get(path); strings.Contains(page, "花子") || strings.Contains(page, "shokyo@") {
			t.Errorf("%s still names the giver", path)
		}
	}
	if gift := text(p.get(n.path + "/gift")); !strings.Contains(gift, "個人の情報は、消しました") || !strings.Contains(gift, "3,000円") {
		t.Errorf("the giver's page: %s", gift)
	}
	if record := text(p.get(n.path + "/record")); !strings.Contains(record, "もう、だれにも開けません") || !strings.Contains(record, "記録は入っています") {
		t.Errorf("the record's page: %s", record)
	}
	p.sealAndSign(t, n.organisation)
	faults, _, err := ledger.Verify(ctx, p.db, n.organisation)
	if err != nil || len(faults) > 0 {
		t.Errorf("verify: %v, %v", faults, err)
	}
}
