package chain

import (
	"crypto/sha256"
	"errors"
	"math/bits"
)

// tree grows the Merkle tree of RFC 6962 over the records' hashes, holding only the roots of its complete subtrees, the largest
// first: at most 63 hashes for any log.
type tree struct {
	size  int64
	roots []Hash
}

// RFC 6962 keeps leaves and nodes apart by their first byte.
func leaf(record Hash) Hash { return sha256.Sum256(append([]byte{0}, record[:]...)) }
func node(left, right Hash) Hash {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

func (t *tree) add(record Hash) {
	t.roots = append(t.roots, leaf(record))
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.roots) - 1
		t.roots[last-1] = node(t.roots[last-1], t.roots[last])
		t.roots = t.roots[:last]
	}
	t.size++
}

// root is the root over all records added. An empty tree has the hash of nothing.
func (t *tree) root() Hash {
	if len(t.roots) == 0 {
		return sha256.Sum256(nil)
	}
	root := t.roots[len(t.roots)-1]
	for i := len(t.roots) - 2; i >= 0; i-- {
		root = node(t.roots[i], root)
	}
	return root
}

func (t *tree) encode() []byte {
	all := make([]byte, 0, len(t.roots)*sha256.Size)
	for _, h := range t.roots {
		all = append(all, h[:]...)
	}
	return all
}

// errTree says that kept subtrees do not make up a tree of that size.
var errTree = errors.New("chain: not the subtrees of a tree of that size")

func decodeTree(size int64, all []byte) (tree, error) {
	t := tree{size: size}
	if size < 0 || len(all) != bits.OnesCount64(uint64(size))*sha256.Size {
		return t, errTree
	}
	for ; len(all) > 0; all = all[sha256.Size:] {
		t.roots = append(t.roots, Hash(all[:sha256.Size]))
	}
	return t, nil
}
