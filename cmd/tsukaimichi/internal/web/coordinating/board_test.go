package coordinating_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/coordinating"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// form asks one question, so that a draft is ready or not.
var form = template.Version{Key: "small", Version: "1.0", Kind: "application", Title: "小さな助成", FiscalYear: 2026, Sections: []template.Section{{Key: "s", Title: "内容",
	Fields: []template.Field{{Key: "name", Label: "事業名", Type: template.Text, Required: template.OnSubmit}}}}}

func TestTheBoardShowsTheMostUrgentFirstOfHisGroupsAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	person := ledgertest.NewPerson(t, db)
	ledgertest.Must(t, db, func(tx *sqlx.Tx) error { return application.Publish(t.Context(), tx, form, "練習", ledgertest.At) })
	seat := console.Seat{Person: person, Now: ledgertest.At}
	begin := func(name string, days int, answer string) {
		t.Helper()
		o := ledgertest.NewOrganisation(t, db, func(o *ledger.Organisation) { o.Name = name })
		if name != "ほかの会" {
			seat.Groups = append(seat.Groups, o)
		}
		ledgertest.Must(t, db, func(tx *sqlx.Tx) error {
			id, err := application.Start(t.Context(), tx, application.Draft{OrganisationID: o.ID, Title: name + "の申請", FormKey: "small", FormVersion: "1.0", DueOn: ledgertest.Today.AddDays(days), Answers: template.Answers{"name": {Text: answer}}}, ledger.ByPerson(person.ID, person.Name), ledgertest.At)
			if err != nil {
				return err
			}
			return application.AddNote(t.Context(), tx, o.ID, id, application.Note{Text: name + "の見積り", DueOn: ledgertest.Today.AddDays(1)}, ledger.ByPerson(person.ID, person.Name), ledgertest.At)
		})
	}
	begin("ゆとり会", 60, "お茶の間")
	begin("いそぎ会", 5, "")
	begin("すぎた会", -1, "")
	begin("ほかの会", 5, "")
	renderer, err := page.NewRenderer(page.Site{}, coordinating.Room)
	if err != nil {
		t.Fatal(err)
	}
	pages := &coordinating.Pages{DB: db, Renderer: renderer}
	board := func(method string, form url.Values) string {
		t.Helper()
		request := httptest.NewRequest(method, console.BoardPath, strings.NewReader(form.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		if err := pages.Board(w, request.WithContext(console.WithSeat(request.Context(), seat))); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d, %v", w.Code, err)
		}
		for _, fault := range pagetest.Faults(w.Body.String()) {
			t.Error(fault)
		}
		return html.UnescapeString(w.Body.String())
	}
	all := board(http.MethodGet, nil)
	late, hurry, steady := strings.Index(all, "すぎた会の申請"), strings.Index(all, "いそぎ会の申請"), strings.Index(all, "ゆとり会の申請")
	if late < 0 || hurry < late || steady < hurry || strings.Contains(all, "ほかの会") {
		t.Errorf("the rows stand at %d, %d, %d, or another group is seen", late, hurry, steady)
	}
	for _, want := range []string{"締切をすぎました", "1日すぎました", "急ぐ", "あと5日", "書くのに7日、承認に7日、送るのに3日をみています", "順調", "確認へまわす", "いそぎ会の見積り", "2026年11月25日まで", "1のうち0"} {
		if !strings.Contains(all, want) {
			t.Errorf("the board does not say %q", want)
		}
	}
	for name, filter := range map[string]url.Values{"words": {"q": {"いそぎ 見積り"}}, "light": {"light": {"hurry"}}, "group": {"group": {seat.Groups[1].Slug}}} {
		if found := board(http.MethodPost, filter); !strings.Contains(found, "いそぎ会の申請") || strings.Contains(found, "ゆとり会の申請") {
			t.Errorf("by %s: %v", name, fmt.Sprint(filter))
		}
	}
}
