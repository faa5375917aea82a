package ledger_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// TestEveryActorIsFoundWhereOthersLook: beside what may be posted to, in the order of the ids, whoever acted first.
func TestEveryActorIsFoundWhereOthersLook(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	book.Post(t)
	book.Spend(t)
	var astray int
	if err := db.Owner.Get(&astray, `
		SELECT count(*)
		  FROM actor a
		  JOIN postable p ON p.organisation_id = a.organisation_id
		 WHERE p.any_actors[array_position(p.actor_keys, actor_key(a.kind, a.subject_id, a.name))] IS DISTINCT FROM a.id
		    OR cardinality(p.any_actors) <> cardinality(p.actor_keys)`); err != nil || astray != 0 {
		t.Errorf("%d actors are not found, %v", astray, err)
	}
}
