//go:build unix

package migrations_test

import (
	"errors"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestDatabaseIsBroughtUpToAnOlderVersionAndFromThereToTheNewest(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	version := func(want int64) {
		t.Helper()
		if got, err := migrations.Version(t.Context(), db.Owner); err != nil || got != want {
			t.Errorf("version %d, %v; want %d", got, err, want)
		}
	}
	version(0)
	if err := migrations.ApplyUpTo(t.Context(), db.Owner, pgtest.WebRole, 3); err != nil {
		t.Fatal(err)
	}
	version(3)
	if err := migrations.Apply(t.Context(), db.Owner, pgtest.WebRole); err != nil {
		t.Fatal(err)
	}
	version(migrations.Newest())
	for _, other := range []int64{3, migrations.Newest() + 1} {
		if err := migrations.ApplyUpTo(t.Context(), db.Owner, pgtest.WebRole, other); !errors.Is(err, migrations.ErrNotMigrated) {
			t.Errorf("up to %d: %v; want ErrNotMigrated", other, err)
		}
	}
}
