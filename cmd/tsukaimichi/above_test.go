package main

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/coordinating"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/forming"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TestACoordinatorSeesHisGroupsAloneAndLeavesThem: the pages above all groups are for coordinators, show what their roles allow, approve nothing, and a hand-over that
// ends the role ends the sight.
func TestACoordinatorSeesHisGroupsAloneAndLeavesThem(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	here, elsewhere := p.found("hoshino"), p.found("tsukino")
	coordinator, treasurer := p.member(here.organisation, ledger.Coordinator), p.member(here.organisation, ledger.Treasurer)
	mine, member := p.personOf(here.organisation, ledger.Coordinator), p.personOf(here.organisation, ledger.Treasurer)
	begin := func(organisation int64, title string) int64 {
		t.Helper()
		var id int64
		err := ledger.InTx(context.Background(), p.db, func(tx *sqlx.Tx) (err error) {
			id, err = application.Start(context.Background(), tx, application.Draft{OrganisationID: organisation, Title: title, FormKey: "t1_mutual_help", FormVersion: "1.0"}, ledger.ByPerson(mine, "練習 コーディネーター"), p.clock.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	draft := begin(here.organisation, "ほしの居場所の申請")
	begin(elsewhere.organisation, "つきのの申請")

	// who comes in
	operator := p.sit(p.operator().ID)
	for _, route := range slices.Concat((&coordinating.Pages{}).Routes(), (&forming.Pages{}).Routes()) {
		status, location := p.knock(stranger(t), route)
		if route.Method == http.MethodGet && (status != http.StatusSeeOther || location != "/sign-in") || route.Method == http.MethodPost && status != http.StatusForbidden {
			t.Errorf("%s as a stranger: %d %s", route.Pattern(), status, location)
		}
		if status, _ = p.knock(treasurer, route); status != http.StatusForbidden {
			t.Errorf("%s as a treasurer: %d", route.Pattern(), status)
		}
	}
	if status, _, _ := p.asks(operator, console.FormsPath); status != http.StatusOK {
		t.Errorf("forms as an operator: %d", status)
	}
	if status, _, _ := p.asks(operator, console.BoardPath); status != http.StatusForbidden {
		t.Errorf("the board as an operator: %d", status)
	}
	board := deskOf{practising: p, client: coordinator, home: ""}
	board.client.CheckRedirect = nil
	page := board.see(console.BoardPath)
	board.says(page, "ほしの居場所の申請", "締切なし", "練習 coordinator（書く）")
	board.silent(page, "つきの")
	page, _ = board.send(console.BoardPath, url.Values{"turn": {"theirs"}})
	board.says(page, "当てはまる申請はありません。")

	// a coordinator approves and hands in nothing
	at := "/desk/hoshino/applications/" + strconv.FormatInt(draft, 10)
	for _, act := range []string{"/sign", "/submit", "/outcome"} {
		if status, _, _ := p.sends(coordinator, at+act, url.Values{}); status != http.StatusForbidden {
			t.Errorf("a coordinator's %s: %d", act, status)
		}
	}

	// handing over
	today := ledger.DateOf(p.clock.Now())
	page, _ = board.send("/desk/hoshino/handover", url.Values{"to": {strconv.FormatInt(member, 10)}, "words": {"あとはお願いします。"}, "end": {"yes"}, "ends_on": {today.String()}})
	board.says(page, "引きつぎました。", "申請 1", "受け取りを待っています")
	takes := deskOf{practising: p, client: treasurer, home: ""}
	takes.client.CheckRedirect = nil
	page, _ = takes.send("/desk/hoshino/handover/1", url.Values{"learnt": {"find", "write"}})
	takes.says(page, "受け取りました")
	page = board.see(console.BoardPath)
	board.says(page, "練習 treasurer（書く）")
	p.ahead(1)
	if status, _, _ := p.asks(p.sit(mine), console.BoardPath); status != http.StatusForbidden {
		t.Errorf("the board on the day after: %d", status)
	}
	if status, _, _ := p.asks(p.sit(mine), at); status != http.StatusForbidden {
		t.Errorf("the draft on the day after: %d", status)
	}
}

// personOf is the member that p.member entered for a role.
func (p *practising) personOf(organisation int64, role ledger.Role) int64 {
	p.t.Helper()
	var id int64
	err := p.db.GetContext(context.Background(), &id, `
		SELECT m.person_id
		  FROM membership m
		  JOIN person p ON p.id = m.person_id
		 WHERE m.organisation_id = $1 AND m.role = $2 AND p.mail = $3`, organisation, role, string(role)+"@"+strconv.FormatInt(organisation, 10)+".renshu.example")
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}
