package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// beginner founds a group as a newcomer to practice mode does, describes it and drafts a campaign; nobody has looked at it.
func (p *practising) beginner() (o ledger.Organisation, head ledger.Membership, campaign int64) {
	p.t.Helper()
	p.post("/practice/found", url.Values{"name": {"ひろばの会"}})
	ctx, now := context.Background(), p.clock.Now()
	err := ledger.InTx(ctx, p.db, func(tx *sqlx.Tx) error {
		all, err := ledger.Organisations(ctx, tx)
		if err != nil {
			return err
		}
		o = slices.MaxFunc(all, func(a, b ledger.Organisation) int { return cmp.Compare(a.ID, b.ID) })
		o.Representative, o.Address, o.Phone = "練習 代表", "練習県練習市1-1", "000-000-0000"
		if err = ledger.UpdateOrganisation(ctx, tx, o); err != nil {
			return err
		}
		members, err := ledger.Members(ctx, tx, o.ID, ledger.DateOf(now))
		if err != nil {
			return err
		}
		head = members[0]
		initiative, err := ledger.StartInitiative(ctx, tx, ledger.Initiative{OrganisationID: o.ID, Name: "ひろば", Kind: "salon"})
		if err != nil {
			return err
		}
		campaign, err = campaigns.StartDraft(ctx, tx, o.ID, initiative, "hiroba", threadPlan(ledger.DateOf(now)), ledger.ByPerson(head.PersonID, head.Name), now)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return o, head, campaign
}

// as goes on as a person, whose browser follows redirects.
func (p *practising) as(person int64) {
	p.client = p.sit(person)
	p.client.CheckRedirect = nil
}

// says fails unless a page reads all of it.
func (p *practising) says(page string, wants ...string) {
	p.t.Helper()
	for _, want := range wants {
		if !strings.Contains(text(page), want) {
			p.t.Errorf("does not say %q: %s", want, text(page))
		}
	}
}

// refused sends a form that is to come back and returns the page.
func (p *practising) refused(path string, form url.Values) string {
	p.t.Helper()
	response, err := p.client.PostForm(p.at+path, form)
	if err != nil {
		p.t.Fatal(err)
	}
	if response.StatusCode != http.StatusUnprocessableEntity {
		p.t.Errorf("POST %s: %d, want 422", path, response.StatusCode)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(body)
}

// TestNobodyAsksForMoneyBeforeAnOperatorHasLooked goes from the draft that cannot be announced over a refusal to the announced campaign, as a newcomer to
// practice mode can who plays the operator as well.
func TestNobodyAsksForMoneyBeforeAnOperatorHasLooked(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	o, head, campaign := p.beginner()
	desk, group := "/desk/"+o.Slug, fmt.Sprintf("/desk/-/operator/groups/%d", o.ID)
	announce := fmt.Sprintf("%s/campaigns/%d/announce", desk, campaign)
	p.says(p.get("/o/"+o.Slug), "運営者は、この団体をまだ確認していません")

	p.as(head.PersonID)
	p.says(p.get(announce), "運営がまだ確認していません")
	p.says(p.refused(announce, url.Values{"agree": {"yes"}}), "運営がまだ確認していません")
	p.says(p.get(desk), "団体の確認を、運営にたのむ")
	p.says(p.get(desk+"/settings/vetting"), "登記事項証明書 か 定款・規約・会則 か 代表を決めた総会などの議事録（どれか1つ）", "練習では")
	p.says(p.refused(desk+"/settings/vetting", url.Values{"meeting": {""}}), "どうやって見せるかを書いてください")
	page, _ := p.post(desk+"/settings/vetting", url.Values{"meeting": {"窓口へ持っていきます。"}})
	p.says(page, "返事待ち")

	p.as(p.operator().ID)
	p.says(p.get("/desk/-/operator"), "待っています", "窓口へ持っていきます。")
	p.says(p.refused(group+"/refuse", url.Values{"reason": {"規約がありません。"}}), "次に何をすればよいか")
	page, _ = p.post(group+"/refuse", url.Values{"reason": {"規約がありません。"}, "next": {"総会の議事録でもよいので、見せてください。"}})
	p.says(page, "わけを伝えました")

	p.as(head.PersonID)
	p.says(p.get(desk+"/access"), "団体の確認のページ（名前・代表・住所・振込先）", "（運営）")
	p.says(p.get(desk+"/settings/vetting"), "わけ：規約がありません。", "次にすること：総会の議事録でもよいので、見せてください。")
	p.post(desk+"/settings/vetting", url.Values{"meeting": {"議事録を持っていきます。"}})

	p.as(p.operator().ID)
	today := ledger.DateOf(p.clock.Now()).String()
	seen := url.Values{"minutes": {"yes"}, "minutes_on": {today}, "minutes_how": {"original"}, "minutes_note": {"2026年の総会"}}
	p.says(p.refused(group+"/approve", seen), "承認できません")
	for _, part := range [][2]string{{"identity", "yes"}, {"identity_on", today}, {"identity_how", "video"}} {
		seen.Set(part[0], part[1])
	}
	page, _ = p.post(group+"/approve", seen)
	p.says(page, "確認ずみ")

	p.as(head.PersonID)
	if _, at := p.post(announce, url.Values{"agree": {"yes"}}); !strings.Contains(at, "done=announced") {
		t.Errorf("announcing leads to %s", at)
	}
	public := p.get("/o/" + o.Slug)
	p.says(public, "運営者が確認しました", "代表を決めた総会などの議事録", "原本", "画面ごし")
	for _, private := range []string{"2026年の総会", "練習 運営", "持っていきます"} {
		if strings.Contains(public, private) {
			t.Errorf("the public page says %q", private)
		}
	}
	p.eventually("the letters", func() bool {
		box := p.get("/practice/mail")
		return strings.Count(box, "団体の確認をたのまれました") == 2 && strings.Contains(box, "団体の確認が、まだできません") && strings.Contains(box, "団体の確認がすみました")
	})
	for _, route := range []console.Route{{Method: http.MethodGet, Path: group}, {Method: http.MethodPost, Path: group + "/approve"}, {Method: http.MethodPost, Path: group + "/refuse"}} {
		if status, _ := p.knock(p.sit(head.PersonID), route); status != http.StatusForbidden {
			t.Errorf("%s as representative: %d, want 403", route.Pattern(), status)
		}
	}
}
