package jobs_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestMigratingTogetherAndAgainChangesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if err := jobs.Migrate(context.Background(), db.Owner); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var tables int
	if err := db.Owner.Get(&tables, `SELECT count(*) FROM pg_tables WHERE schemaname = 'river'`); err != nil || tables != 5 {
		t.Errorf("%d tables, %v; want five", tables, err)
	}
}

func TestProgramMayUseTheQueueAndNotChangeItsTables(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	for _, statement := range []string{`DROP TABLE river.river_job`, `DELETE FROM river.river_migration`, `TRUNCATE river.river_job`, `CREATE TABLE river.x (a int)`} {
		_, err := db.Exec(statement)
		if err == nil || !(strings.Contains(err.Error(), "permission denied") || strings.Contains(err.Error(), "must be owner")) {
			t.Errorf("%s: %v; want it refused", statement, err)
		}
	}
}
