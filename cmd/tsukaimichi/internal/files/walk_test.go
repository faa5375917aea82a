package files_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
)

func TestPlacesAreThoseOfEveryKeptFileAndNoOther(t *testing.T) {
	t.Parallel()
	store, dir := newStore(t)
	ctx := context.Background()
	var want []files.Place
	for organisation, kind := range map[int64]files.Kind{0: files.KindCheckpoint, 7: files.KindPhoto, 12: files.KindEvidence} {
		f, err := store.Put(ctx, organisation, kind, []byte(kind))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, files.Place{OrganisationID: organisation, Kind: kind, Hash: f.Hash})
	}
	if err := os.WriteFile(filepath.Join(dir, "7", "photo", "not ours"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var got []files.Place
	for place, err := range store.Places(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, place)
	}
	if len(got) != len(want) {
		t.Fatalf("got %v; want %v", got, want)
	}
	for _, place := range want {
		if !slices.Contains(got, place) {
			t.Errorf("%v is missing", place)
		}
	}
}
