package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"
)

func recordAt(i int64) Hash { return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i))) }

func grownTo(size int64) tree {
	var t tree
	for i := range size {
		t.add(recordAt(i))
	}
	return t
}

// TestProofsHoldForEverySizeAndNothingElse: every record of every small tree and every tree it begins with, from every kept tree before; and no changed hash, index or size.
func TestProofsHoldForEverySizeAndNothingElse(t *testing.T) {
	t.Parallel()
	for size := int64(1); size <= 24; size++ {
		whole := grownTo(size)
		for start := range size + 1 {
			kept := grownTo(start)
			s := newStretch(kept)
			for i := start; i < size; i++ {
				s.add(recordAt(i))
			}
			if s.size() != size || s.root(0, size) != whole.root() && start < size {
				t.Fatalf("stretch from %d to %d has another root", start, size)
			}
			for first := max(start, 1); first <= size; first++ {
				old, path := grownTo(first), s.consistency(first)
				if err := checkConsistency(first, size, old.root(), whole.root(), path); err != nil {
					t.Fatalf("consistency of %d with %d from %d: %v", first, size, start, err)
				}
				refuseChanged(t, path, func(p []Hash) error { return checkConsistency(first, size, old.root(), whole.root(), p) })
				if err := checkConsistency(first, size, old.root(), recordAt(0), path); err == nil {
					t.Fatalf("consistency of %d with %d holds for another root", first, size)
				}
			}
			for i := start; i < size; i++ {
				path := s.inclusion(i)
				check := func(p []Hash) error {
					root, err := rootByInclusion(recordAt(i), i, size, p)
					if err == nil && root != whole.root() {
						err = errPath
					}
					return err
				}
				if err := check(path); err != nil {
					t.Fatalf("record %d of %d from %d: %v", i, size, start, err)
				}
				refuseChanged(t, path, check)
				if root, err := rootByInclusion(recordAt(i+1), i, size, path); err == nil && root == whole.root() {
					t.Fatalf("record %d of %d: another record is accepted", i, size)
				}
			}
		}
	}
}

// refuseChanged tries a path with one bit changed, one hash too few and one too many.
func refuseChanged(t *testing.T, path []Hash, check func([]Hash) error) {
	t.Helper()
	for i := range path {
		changed := append([]Hash{}, path...)
		changed[i][7] ^= 4
		if check(changed) == nil {
			t.Fatalf("a changed hash at %d of %d is accepted", i, len(path))
		}
	}
	if len(path) > 0 && check(path[:len(path)-1]) == nil {
		t.Fatal("a path without its end is accepted")
	}
	if check(append(append([]Hash{}, path...), Hash{})) == nil {
		t.Fatal("a path with more than its end is accepted")
	}
}

func TestImpossibleProofsAreRefused(t *testing.T) {
	t.Parallel()
	for _, at := range [][2]int64{{-1, 3}, {3, 3}, {4, 3}, {0, 0}} {
		if _, err := rootByInclusion(recordAt(0), at[0], at[1], nil); err == nil {
			t.Errorf("record %d of %d: accepted", at[0], at[1])
		}
	}
	root := grownTo(3)
	for _, sizes := range [][2]int64{{0, 3}, {4, 3}, {-1, 3}, {2, 3}} {
		if err := checkConsistency(sizes[0], sizes[1], root.root(), root.root(), nil); err == nil {
			t.Errorf("sizes %v: accepted", sizes)
		}
	}
}
