package coordinating_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/applying"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// counted counts the queries that go through it.
type counted struct {
	sqlx.QueryerContext
	queries int
}

func (c *counted) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	c.queries++
	return c.QueryerContext.QueryContext(ctx, query, args...)
}

func (c *counted) QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error) {
	c.queries++
	return c.QueryerContext.QueryxContext(ctx, query, args...)
}

func (c *counted) QueryRowxContext(ctx context.Context, query string, args ...any) *sqlx.Row {
	c.queries++
	return c.QueryerContext.QueryRowxContext(ctx, query, args...)
}

func TestTheBoardAsksAsOftenForManyGroupsAsForOne(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	person := ledgertest.NewPerson(t, db)
	by := ledger.ByPerson(person.ID, person.Name)
	ledgertest.Must(t, db, func(tx *sqlx.Tx) error { return application.Publish(t.Context(), tx, form, "練習", ledgertest.At) })
	var groups []ledger.Organisation
	for i := range 30 {
		o := ledgertest.NewOrganisation(t, db, func(o *ledger.Organisation) { o.Name = fmt.Sprintf("練習 %d番の会", i) })
		groups = append(groups, o)
		ledgertest.Must(t, db, func(tx *sqlx.Tx) error {
			err := ledger.AddMember(t.Context(), tx, ledger.Membership{OrganisationID: o.ID, PersonID: person.ID, Role: ledger.Treasurer, FromOn: ledgertest.Today})
			for n := range 2 {
				var id int64
				if err == nil {
					id, err = application.Start(t.Context(), tx, application.Draft{OrganisationID: o.ID, Title: fmt.Sprintf("申請 %d-%d", i, n), FormKey: "small", FormVersion: "1.0", Answers: template.Answers{"name": {Text: "名"}}}, by, ledgertest.At)
				}
				if err == nil && n == 0 {
					err = application.GiveToSign(t.Context(), tx, o.ID, id, true, by, ledgertest.At)
				}
			}
			return err
		})
	}
	lines := func(groups []ledger.Organisation) (int, []applying.Line) {
		t.Helper()
		c := &counted{QueryerContext: db}
		began := time.Now()
		all, err := applying.NewLines(c, ledgertest.Today).Of(t.Context(), groups...)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d groups: %d queries, %v", len(groups), c.queries, time.Since(began))
		return c.queries, all
	}
	one, _ := lines(groups[:1])
	many, all := lines(groups)
	if one != many || many > 8 {
		t.Errorf("%d queries for one group, %d for %d; want as many", one, many, len(groups))
	}
	if len(all) != 60 || all[0].Group != groups[0].Name || all[58].Turn != "会計（承認）" && all[59].Turn != "会計（承認）" {
		t.Errorf("%d lines, the last are %+v", len(all), all[max(0, len(all)-2):])
	}
	if _, none := lines(nil); len(none) > 0 {
		t.Errorf("nobody's groups have %d lines", len(none))
	}
}
