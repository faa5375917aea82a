package applying_test

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// nextYear publishes the form of the 共同募金 as it might be a year later: the need is half as long, the effect is gone, there is one question more.
func (r *room) nextYear() {
	t := r.t
	t.Helper()
	form, err := application.FindForm(t.Context(), r.db, "t3_community_chest", "1.0")
	if err != nil {
		t.Fatal(err)
	}
	form.Version = "1.1"
	issue, err := form.FindField("issue")
	if err != nil {
		t.Fatal(err)
	}
	shorter := *issue.Limit
	shorter.Max = 50
	issue.Limit, issue.Label = &shorter, "地域の困りごと"
	if err = form.PutField("issue", issue); err == nil {
		err = form.DropField("effect")
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err = form.AddField(form.Sections[0].Key, "これからの見通し", template.LongText); err != nil {
		t.Fatal(err)
	}
	ledgertest.Must(t, r.db, func(tx *sqlx.Tx) error {
		return application.Publish(t.Context(), tx, form, "使い道", ledgertest.At.Add(24*time.Hour))
	})
}

func aDraftMovesToTheNewVersionOfItsFormWhenSomebodyHasSeenWhatChanges(r *room) {
	t := r.t
	ledgertest.Must(t, r.db, func(tx *sqlx.Tx) error {
		_, _, err := application.Save(t.Context(), tx, r.desk.Organisation.ID, r.draft, application.Edit{Revision: 1, After: template.Answers{"effect": {Text: "15人が週に1度、だれかと食べる。"}}}, r.desk.By(), ledgertest.At)
		return err
	})
	if body := r.see("", r.at()); strings.Contains(body, "新しい版") {
		t.Error("a new version is offered before there is one")
	}
	if status, _, _ := r.post(r.at("move")); status != http.StatusSeeOther {
		t.Errorf("moving to nothing: %d", status)
	}
	r.nextYear()
	r.see("newer", r.at(), "様式に、新しい版（第1.1版）があります。この申請は、第1.0版のままです。")
	r.see("move", r.at("move"), "前の質問：「解決したい地域課題」", "長さ：400字以内 → 50字以内", "新しい長さより46字多くなります", "15人が週に1度、だれかと食べる。", "新しい版に、この質問はありません。", "これからの見通し", "第1.1版に移す")
	draft, err := application.Find(t.Context(), r.db, r.desk.Organisation.ID, r.draft)
	if err != nil {
		t.Fatal(err)
	}
	r.refused(r.at("move"), "読んだあとに、内容が変わりました", "version", "1.1", "hash", "00")
	r.refused(r.at("move"), "その版には移せません", "version", "9.9", "hash", fmt.Sprintf("%x", draft.Hash))
	if to := r.done(r.at("move"), "version", "1.1", "hash", fmt.Sprintf("%x", draft.Hash)); !strings.HasPrefix(to, r.at("left")) {
		t.Errorf("leads to %s", to)
	}
	r.see("left", r.at("left"), "15人が週に1度、だれかと食べる。", "第1.0版から第1.1版に移したとき")
	body := r.see("moved", r.at(), "様式を第1.0版から第1.1版にした", "行き先のなくなった文を見る", "地域の困りごと：46字多すぎます。")
	if strings.Contains(body, "新しい版") {
		t.Error("the version it stands on is offered")
	}
	r.see("", r.at("versions", "1"), "様式の第1.0版で書いたもの", "15人が週に1度、だれかと食べる。")
}
