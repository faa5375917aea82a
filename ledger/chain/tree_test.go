package chain

import (
	"encoding/hex"
	"math/bits"
	"testing"
)

// rfcRoot is the definition of RFC 6962, section 2.1.
func rfcRoot(records []Hash) Hash {
	switch len(records) {
	case 0:
		return (&tree{}).root()
	case 1:
		return leaf(records[0])
	}
	k := 1 << (bits.Len(uint(len(records)-1)) - 1) // the largest power of two below
	return node(rfcRoot(records[:k]), rfcRoot(records[k:]))
}

func TestTreeIsTheOneOfRFC6962(t *testing.T) {
	var grown tree
	var records []Hash
	for n := range 130 {
		if got, want := grown.root(), rfcRoot(records); got != want {
			t.Fatalf("%d records: got %s; want %s", n, got, want)
		}
		again, err := decodeTree(grown.size, grown.encode())
		if err != nil || again.root() != grown.root() {
			t.Fatalf("%d records: kept and read again: %s, %v", n, again.root(), err)
		}
		records = append(records, Hash{byte(n), byte(n >> 8)})
		grown.add(records[n])
	}
	if _, err := decodeTree(3, make([]byte, 32)); err == nil {
		t.Error("one subtree for three records")
	}
	if got := hex.EncodeToString((&tree{}).encode()); got != "" {
		t.Errorf("an empty tree keeps %s", got)
	}
}
