package archive

import (
	"slices"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// TestNothingCopiedNamesWhatStaysBehind: a foreign key to a table that is not copied could not be put back.
func TestNothingCopiedNamesWhatStaysBehind(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var keys []struct{ From, To string }
	err := db.Super.SelectContext(t.Context(), &keys, `
		SELECT fn.nspname || '.' || f.relname AS "from", tn.nspname || '.' || t.relname AS "to"
		  FROM pg_constraint k
		  JOIN pg_class f ON f.oid = k.conrelid
		  JOIN pg_namespace fn ON fn.oid = f.relnamespace
		  JOIN pg_class t ON t.oid = k.confrelid
		  JOIN pg_namespace tn ON tn.oid = t.relnamespace
		 WHERE k.contype = 'f'`)
	if err != nil || len(keys) == 0 {
		t.Fatal(keys, err)
	}
	for _, k := range keys {
		if slices.Contains(left, k.To) && !slices.Contains(left, k.From) {
			t.Errorf("%s names rows of %s, which is not copied", k.From, k.To)
		}
	}
}
