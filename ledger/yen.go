package ledger

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Yen is an amount in whole yen. An asked, promised, paid or awarded amount is positive; only an entry has a
// sign (debit +, credit −).
type Yen int64

// ErrOverflow says that an amount left the range of Yen.
var ErrOverflow = errors.New("ledger: amount out of range")

// ErrAmount says that a text is not an amount in whole yen.
var ErrAmount = errors.New("ledger: not an amount in yen")

// Rounding says what becomes of a fraction of a yen in Mul.
type Rounding int

// The three ways a Japanese rule book rounds: 切捨て, 四捨五入, 切上げ. All act on the magnitude.
const (
	Down Rounding = iota
	HalfUp
	Up
)

// Add returns y + z, or ErrOverflow.
func (y Yen) Add(z Yen) (Yen, error) {
	sum := y + z
	if (z > 0 && sum < y) || (z < 0 && sum > y) {
		return 0, ErrOverflow
	}
	return sum, nil
}

// Sub returns y − z, or ErrOverflow.
func (y Yen) Sub(z Yen) (Yen, error) {
	diff := y - z
	if (z < 0 && diff < y) || (z > 0 && diff > y) {
		return 0, ErrOverflow
	}
	return diff, nil
}

// Mul returns y × num ÷ den rounded to a whole yen. It needs den > 0; ErrOverflow otherwise or when the result
// does not fit. The product is computed in 128 bits.
func (y Yen) Mul(num, den int64, r Rounding) (Yen, error) {
	if den <= 0 {
		return 0, ErrOverflow
	}
	negative := (y < 0) != (num < 0)
	hi, lo := bits.Mul64(magnitude(int64(y)), magnitude(num))
	if hi >= uint64(den) {
		return 0, ErrOverflow
	}
	quotient, rest := bits.Div64(hi, lo, uint64(den))
	if quotient > -math.MinInt64 {
		return 0, ErrOverflow // before it is rounded, which could wrap it to zero
	}
	if (r == Up && rest > 0) || (r == HalfUp && rest >= uint64(den)-rest) {
		quotient++
	}
	switch {
	case negative && quotient <= -math.MinInt64:
		return Yen(-quotient), nil // two's complement: also right for the smallest amount
	case quotient > math.MaxInt64:
		return 0, ErrOverflow
	}
	return Yen(quotient), nil
}

// Allocate splits y by weights so that the parts add up to y: each part gets its share rounded down and the
// yen left over go to the largest remainders, the earlier part first. A part of weight zero gets nothing. It needs y ≥ 0, no
// negative weight and a positive sum of weights; ErrOverflow otherwise.
func (y Yen) Allocate(weights []int64) ([]Yen, error) {
	if y < 0 {
		return nil, ErrOverflow
	}
	var total int64
	for _, w := range weights {
		if w < 0 || total > math.MaxInt64-w {
			return nil, ErrOverflow
		}
		total += w
	}
	if total == 0 {
		return nil, ErrOverflow
	}
	parts := make([]Yen, len(weights))
	rests := make([]uint64, len(weights))
	left := y
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(y), uint64(w))
		quotient, rest := bits.Div64(hi, lo, uint64(total))
		parts[i], rests[i] = Yen(quotient), rest
		left -= parts[i]
	}
	for ; left > 0; left-- {
		best := -1
		for i := range weights {
			if rests[i] > 0 && (best < 0 || rests[i] > rests[best]) {
				best = i
			}
		}
		parts[best]++
		rests[best] = 0
	}
	return parts, nil
}

// Sum adds amounts, or returns ErrOverflow.
func Sum(amounts ...Yen) (Yen, error) {
	var total Yen
	for _, a := range amounts {
		var err error
		if total, err = total.Add(a); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// String writes the amount with thousands separators and a hyphen-minus, without a unit: "-12,345".
func (y Yen) String() string {
	digits := strconv.FormatUint(magnitude(int64(y)), 10)
	var b strings.Builder
	if y < 0 {
		b.WriteByte('-')
	}
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// ParseYen reads what a person types: half-width or full-width digits, separators, an optional 円 or ¥, spaces
// around. It accepts no sign and no fraction, and nothing above 999,999,999,999; ErrAmount otherwise.
func ParseYen(text string) (Yen, error) {
	text = strings.TrimSpace(text)
	text = strings.TrimLeft(text, "¥￥\\")
	text = strings.TrimSuffix(text, "円")
	var amount Yen
	digits := 0
	for _, r := range strings.TrimSpace(text) {
		switch {
		case r >= '０' && r <= '９':
			r -= '０' - '0'
		case r == ',' || r == '，' || r == '、':
			continue
		}
		if r < '0' || r > '9' || digits == 12 {
			return 0, ErrAmount
		}
		amount = amount*10 + Yen(r-'0')
		digits++
	}
	if digits == 0 {
		return 0, ErrAmount
	}
	return amount, nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1
	}
	return uint64(n)
}
