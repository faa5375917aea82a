package reports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// told is a group that has published and issued one of everything: two versions of a plan with a goal, a receipt that was voided and issued again, a
// report, and a decision with its report.
func told(t *testing.T) (*book, *sqlx.DB) {
	t.Helper()
	db := pgtest.New(t)
	g := campaigntest.Found(t, db.App)
	b := &book{g, g.Announce(func(p *campaigns.Plan) {
		p.Goals = campaigns.Goals{{Kind: "people", Name: "来る人", Target: 40, Unit: "人"}}
	})}
	var gift campaigns.Donation
	for range 6 {
		gift = b.Enter(b.c, 14_000)
	}
	b.In(func(tx *sqlx.Tx) error {
		first, err := campaigns.Issue(t.Context(), tx, b.ID, gift.ID, b.Treasurer, b.At)
		if err != nil {
			return err
		}
		if err = campaigns.Void(t.Context(), tx, b.ID, first.ID, b.Treasurer, b.At, "宛名のまちがい"); err != nil {
			return err
		}
		_, err = campaigns.Issue(t.Context(), tx, b.ID, gift.ID, b.Treasurer, b.At)
		return err
	})
	b.Change(b.c, func(p *campaigns.Plan) { p.Lead, p.Reason = "書き足しました。", "くわしく書きます。" })
	b.Check(b.Spend(b.Uses(b.c)[0], 75_000))
	b.closed()
	b.In(func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, b.ID, ledger.Month, b.Today().AddDays(-b.Today().Day()), b.Treasurer, b.At, "ためし")
	})
	if id := b.draft(complete(b.figures())); b.publish(id, b.print(id)) != nil {
		t.Fatal("the report did not come out")
	}
	return b, db.Super
}

// verified says what Verify finds of the group.
func (b *book) verified(tx sqlx.QueryerContext) (faults []string, checked int64) {
	b.T.Helper()
	found, checked, err := reports.Verify(b.T.Context(), tx, b.ID)
	if err != nil {
		b.T.Fatal(err)
	}
	for _, f := range found {
		faults = append(faults, f.String())
	}
	return faults, checked
}

// secretly runs a statement as a superuser who has switched every guard off, and takes it back after use has looked.
func secretly(t *testing.T, super *sqlx.DB, statement string, use func(tx *sqlx.Tx)) {
	t.Helper()
	tx, err := super.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for _, table := range []string{"plan", "plan_use", "plan_goal", "use", "receipt", "receipt_void", "receipt_file", "receipt_person", "period", "report_publication", "log_record"} {
		tx.MustExec(`ALTER TABLE ` + table + ` DISABLE TRIGGER ALL`)
	}
	if _, err = tx.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	use(tx)
}

func TestWhatWasPublishedIsHeldAgainstItsRecord(t *testing.T) {
	t.Parallel()
	b, super := told(t)
	if faults, checked := b.verified(b.DB); len(faults) > 0 || checked != 7 {
		t.Fatalf("an honest book of %d published things: %v", checked, faults)
	}
	for statement, want := range map[string]string{
		`UPDATE plan SET if_too_much = '役員で分けます。' WHERE version = 1`:                                       "version 1 of the plan of campaign",
		`UPDATE plan SET collects_from = collects_from - 1 WHERE version = 2`:                              "is not what was recorded: CollectsFrom",
		`UPDATE plan SET margin = margin + 1 WHERE version = 2`:                                            "is not what was recorded: Margin",
		`UPDATE plan_use SET name = 'べつのこと' WHERE version = 1 AND position = 1`:                            "is not what was recorded: Uses 1 Name",
		`DELETE FROM plan_use WHERE version = 1 AND position = 1`:                                          "is not what was recorded: Uses",
		`UPDATE plan_goal SET target = 4 WHERE version = 1`:                                                "is not what was recorded: Goals 1 target",
		`DELETE FROM plan_goal WHERE version = 2`:                                                          "is not what was recorded: Goals",
		`UPDATE use SET name = '役員の飲食' WHERE position = 1`:                                                 "is called or planned otherwise",
		`UPDATE use SET planned = planned + 1000 WHERE position = 1`:                                       "is called or planned otherwise",
		`UPDATE receipt SET payload = jsonb_set(payload, '{amount}', '999999') WHERE branch = 2`:           "is not what was recorded: amount",
		`UPDATE receipt SET number = 7 WHERE branch = 2`:                                                   "is not what was recorded: number",
		`UPDATE receipt SET payload = jsonb_set(payload, '{number}', '"2026-0009"')`:                       "is not what was recorded: number",
		`DELETE FROM receipt_void`:                                                                         "was recorded and is gone",
		`INSERT INTO receipt_void SELECT organisation_id, id, 'x', now(), 1 FROM receipt WHERE branch = 2`: "stands in no log record",
		`INSERT INTO receipt SELECT organisation_id, 9999, year, number + 1, 1, donation_id, issued_on, issued_at, issued_by, payload FROM receipt WHERE branch = 1`: "receipt 9999 stands in no log record",
		`UPDATE report_publication SET file_hash = sha256('forged')`:                     "is not what was recorded: sha256",
		`UPDATE report_publication SET entries_hash = sha256('forged')`:                  "is not what was recorded: entries",
		`UPDATE report_publication SET number = number || 'x'`:                           "is not what was recorded: number",
		`UPDATE report_publication SET figures = '{}'`:                                   "is not what was recorded: page",
		`UPDATE report_publication SET document = jsonb_set(document, '{Title}', '"x"')`: "is not what was recorded: page",
		`UPDATE report_publication SET one_page_hash = sha256('forged')`:                 "is not what was recorded: one_page",
		`UPDATE period SET closed_at = closed_at + interval '1 year'`:                    "is not what was recorded: closed_at",
		`DELETE FROM period`:                         "was recorded and is gone",
		`UPDATE period SET until_on = until_on - 61`: "was recorded and is gone",
		`UPDATE log_record SET content = '{"until_on":"2020-01-31","kind":"month"}' WHERE kind = 'closing'`: "is not what was recorded: until_on",
		`DELETE FROM report_publication`:                                 "was recorded and is gone",
		`UPDATE log_record SET content = 'x' WHERE kind = 'receipt'`:     "has a log record that cannot be read",
		`UPDATE log_record SET kind = 'decision' WHERE kind = 'receipt'`: "stands in no log record",
	} {
		secretly(t, super, statement, func(tx *sqlx.Tx) {
			faults, _ := b.verified(tx)
			if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
				t.Errorf("%s: got %v; want %q", statement, faults, want)
			}
		})
	}
}

func TestErasedGiversAndWithdrawnReportsLeaveThePublishedWhole(t *testing.T) {
	t.Parallel()
	b, super := told(t)
	for _, statement := range []string{
		`UPDATE report_publication SET content = '{}', document = '{}', withdrawn_at = now(), withdrawn_why = '了解の取消し'`,
		`UPDATE receipt_person SET name = '', postal_code = '', address = ''`,
	} {
		secretly(t, super, statement, func(tx *sqlx.Tx) {
			if faults, _ := b.verified(tx); len(faults) > 0 {
				t.Errorf("%s: %v", statement, faults)
			}
		})
	}
}
