//go:build unix

package migrations_test

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// TestGroupsThatAskedForMoneyBeforeTheRuleKeepTheirRight: one had announced when the rule came, one had a draft.
func TestGroupsThatAskedForMoneyBeforeTheRuleKeepTheirRight(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	before := fstest.MapFS{}
	for _, name := range names {
		if name < "0022" {
			content, err := fs.ReadFile(migrations.FS, name)
			if err != nil {
				t.Fatal(err)
			}
			before[name] = &fstest.MapFile{Data: content}
		}
	}
	if err = migrations.ApplyFiles(t.Context(), before, db.Owner, pgtest.WebRole); err != nil {
		t.Fatal(err)
	}
	if _, err = db.Owner.ExecContext(t.Context(), `
		INSERT INTO organisation (id, name, kind, created_at) VALUES (1, '練習 一', 'npo', now()), (2, '練習 二', 'npo', now());
		INSERT INTO initiative (organisation_id, id, name) VALUES (1, 1, '食堂'), (2, 1, '食堂');
		INSERT INTO fund (organisation_id, id, name, kind) VALUES (1, 1, '夏', 'campaign'), (2, 1, '夏', 'campaign');
		INSERT INTO campaign (organisation_id, slug, initiative_id, fund_id, status, version) VALUES (1, 'natsu-1', 1, 1, 'open', 1), (2, 'natsu-2', 1, 1, 'draft', 0)`); err != nil {
		t.Fatal(err)
	}
	if err = migrations.Apply(t.Context(), db.Owner, pgtest.WebRole); err != nil {
		t.Fatal(err)
	}
	var kept []string
	err = db.App.SelectContext(t.Context(), &kept, `SELECT organisation_id || ' ' || status FROM vetting ORDER BY organisation_id`)
	if err != nil || !slices.Equal(kept, []string{"1 before"}) {
		t.Errorf("got %q, %v, want the first alone, under its own word", kept, err)
	}
}
