package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// Place says where a kept file lies. The hash in it is also what its bytes have to have.
type Place struct {
	OrganisationID int64
	Kind           Kind
	Hash           Hash
}

// Places yields every kept file, by organisation, kind and hash as texts sort, for copying the whole store. Files that are
// put or deleted meanwhile may be among them or not. What lies in the store under no name of ours is passed over. An error ends it.
func (s *Store) Places(ctx context.Context) iter.Seq2[Place, error] {
	return func(yield func(Place, error) bool) {
		list := s.bucket.List(nil)
		for {
			object, err := list.Next(ctx)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Place{}, fmt.Errorf("file store: %w", err))
				return
			}
			if place, ours := parsePlace(object.Key); ours && !yield(place, nil) {
				return
			}
		}
	}
}

// parsePlace reads what keyOf wrote.
func parsePlace(key string) (Place, bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 {
		return Place{}, false
	}
	organisationID, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return Place{}, false
	}
	hash, err := ParseHash(parts[3])
	if err != nil {
		return Place{}, false
	}
	p := Place{OrganisationID: organisationID, Kind: Kind(parts[1]), Hash: hash}
	written, err := keyOf(p.OrganisationID, p.Kind, p.Hash)
	return p, err == nil && written == key
}
