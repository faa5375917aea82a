package chain

import (
	"errors"
	"math/bits"
	"slices"
)

// errPath says that hashes do not lead from one root, or record, to another root.
var errPath = errors.New("chain: the hashes do not lead there")

// stretch is a tree of which only an end is known leaf by leaf: what came before is held by the roots of its complete subtrees. Every
// hash that a proof about the end needs can be made from these, so that no proof costs more because the log is old.
type stretch struct {
	start  int64          // how many records came before
	roots  map[int64]Hash // of the complete subtrees before, by where each begins
	leaves []Hash         // of the tree, from start on
}

// newStretch begins a stretch where a kept tree ends.
func newStretch(kept tree) stretch {
	s := stretch{start: kept.size, roots: make(map[int64]Hash, len(kept.roots))}
	begin, left := int64(0), uint64(kept.size)
	for _, root := range kept.roots { // the largest first
		s.roots[begin] = root
		size := uint64(1) << (bits.Len64(left) - 1)
		begin, left = begin+int64(size), left-size
	}
	return s
}

func (s *stretch) add(record Hash) { s.leaves = append(s.leaves, leaf(record)) }

func (s *stretch) size() int64 { return s.start + int64(len(s.leaves)) }

// half is how many of n > 1 leaves stand in the left subtree: the largest power of two below n.
func half(n int64) int64 { return 1 << (bits.Len64(uint64(n-1)) - 1) }

// root is the root over the leaves from lo up to hi, which are a whole subtree before the start, or end after it.
func (s *stretch) root(lo, hi int64) Hash {
	switch {
	case hi <= s.start:
		return s.roots[lo]
	case hi-lo == 1:
		return s.leaves[lo-s.start]
	}
	k := half(hi - lo)
	return node(s.root(lo, lo+k), s.root(lo+k, hi))
}

// inclusion is the audit path of RFC 6962 of a leaf, counted from 0 and not before the start, in the tree of all leaves.
func (s *stretch) inclusion(index int64) []Hash {
	var path []Hash
	lo, hi := int64(0), s.size()
	for hi-lo > 1 {
		k := half(hi - lo)
		if index < lo+k {
			path, hi = append(path, s.root(lo+k, hi)), lo+k
		} else {
			path, lo = append(path, s.root(lo, lo+k)), lo+k
		}
	}
	slices.Reverse(path)
	return path
}

// consistency proves in the way of RFC 6962 that the tree of all leaves begins with the tree of the first ones, not fewer than before the
// start. Empty where there were none, or all.
func (s *stretch) consistency(size int64) []Hash {
	if size == 0 || size == s.size() {
		return nil
	}
	var path []Hash
	lo, hi, whole := int64(0), s.size(), true
	for hi != size {
		k := half(hi - lo)
		if size <= lo+k {
			path, hi = append(path, s.root(lo+k, hi)), lo+k
		} else {
			path, lo, whole = append(path, s.root(lo, lo+k)), lo+k, false
		}
	}
	if !whole {
		path = append(path, s.root(lo, hi))
	}
	slices.Reverse(path)
	return path
}

// rootByInclusion is the root of a tree of that size to which a record's path leads; errPath for a path that cannot be one.
func rootByInclusion(record Hash, index, size int64, path []Hash) (Hash, error) {
	if index < 0 || index >= size {
		return Hash{}, errPath
	}
	root, last := leaf(record), size-1
	for _, p := range path {
		if last == 0 {
			return Hash{}, errPath
		}
		if index&1 == 1 || index == last {
			root = node(p, root)
			for index&1 == 0 && index != 0 {
				index, last = index>>1, last>>1
			}
		} else {
			root = node(root, p)
		}
		index, last = index>>1, last>>1
	}
	if last != 0 {
		return Hash{}, errPath
	}
	return root, nil
}

// checkConsistency checks that a tree of newSize with the new root begins with the tree of oldSize with the old one; errPath if that is not shown.
func checkConsistency(oldSize, newSize int64, oldRoot, newRoot Hash, path []Hash) error {
	if oldSize < 1 || oldSize > newSize {
		return errPath
	}
	if oldSize == newSize {
		if len(path) > 0 || oldRoot != newRoot {
			return errPath
		}
		return nil
	}
	if oldSize&(oldSize-1) == 0 { // the old tree is itself one subtree of the new one
		path = append([]Hash{oldRoot}, path...)
	}
	if len(path) == 0 {
		return errPath
	}
	index, last := oldSize-1, newSize-1
	for index&1 == 1 {
		index, last = index>>1, last>>1
	}
	before, after := path[0], path[0]
	for _, p := range path[1:] {
		if last == 0 {
			return errPath
		}
		if index&1 == 1 || index == last {
			before, after = node(p, before), node(p, after)
			for index&1 == 0 && index != 0 {
				index, last = index>>1, last>>1
			}
		} else {
			after = node(after, p)
		}
		index, last = index>>1, last>>1
	}
	if last != 0 || before != oldRoot || after != newRoot {
		return errPath
	}
	return nil
}
