package fit

import (
	"math/bits"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Index holds the words of many calls, so that a plan is compared with all of them at once. Japanese is written without spaces; two characters side
// by side are what is compared, which needs no dictionary. The ranking is BM25 (k1 = 1.2, b = 0.75) in whole numbers.
type Index struct {
	pairs  map[pair][]posting
	length []int // pairs of each call
	mean   int
}

type pair [2]rune

type posting struct {
	call  int32
	times int32
}

// NewIndex reads the texts of the calls once. Building costs as much as the texts are long.
func NewIndex(texts []string) *Index {
	ix := &Index{pairs: map[pair][]posting{}, length: make([]int, len(texts))}
	total := 0
	for i, text := range texts {
		counts := pairsOf(text)
		for p, n := range counts {
			ix.pairs[p] = append(ix.pairs[p], posting{int32(i), n})
			ix.length[i] += int(n)
		}
		total += ix.length[i]
	}
	ix.mean = max(1, total/max(1, len(texts)))
	return ix
}

// Likeness compares a text with every call: from 0, nothing in common, towards 1000. It keeps no memory of the text.
func (ix *Index) Likeness(text string) []int {
	sums := make([]int64, len(ix.length))
	var self int64
	for p := range pairsOf(text) {
		found := ix.pairs[p]
		rare := ix.rarity(len(found))
		self += rare
		for _, f := range found {
			sums[f.call] += rare * ix.weight(f) / 1000
		}
	}
	likeness := make([]int, len(sums))
	for i, sum := range sums {
		likeness[i] = int(1000 * sum / max(1, sum+self))
	}
	return likeness
}

// weight is how much the count of a pair in a call says, in thousandths: more times say more, and less in a long text.
func (ix *Index) weight(f posting) int64 {
	n := int64(f.times) * 1000
	norm := 250 + 750*int64(ix.length[f.call])/int64(ix.mean)
	return n * 2200 / (n + 1200*norm/1000)
}

// rarity is how much a pair that stands in so many calls says, in thousandths of a doubling.
func (ix *Index) rarity(calls int) int64 {
	n := uint64(len(ix.length))
	return max(1, log2(n+1)-log2(uint64(calls)+1))
}

// log2 is the binary logarithm of n ≥ 1 in thousandths: the whole part from its bits, ten more by squaring.
func log2(n uint64) int64 {
	whole := bits.Len64(n) - 1
	x := n << (63 - whole) // 1 ≤ x < 2 with 63 bits behind the point
	log := int64(whole) << 10
	for bit := int64(512); bit > 0; bit >>= 1 {
		hi, lo := bits.Mul64(x, x)
		if hi>>63 == 1 {
			log += bit
			x = hi
		} else {
			x = hi<<1 | lo>>63
		}
	}
	return log * 1000 / 1024
}

// pairsOf counts the pairs of letters and digits that stand side by side. Widths are folded, case too; signs and spaces part words.
func pairsOf(text string) map[pair]int32 {
	counts := make(map[pair]int32, len(text)/3)
	last := rune(0)
	for _, r := range strings.ToLower(width.Fold.String(text)) {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != 'ー' {
			last = 0
			continue
		}
		if last != 0 {
			counts[pair{last, r}]++
		}
		last = r
	}
	return counts
}
