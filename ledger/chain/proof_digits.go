package chain

import (
	"fmt"
	"math/big"
)

// spoken is 10^20: what is left of a root in the digits of a paper.
var spoken = new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil)

// Digits is the hash as papers print it, to be read out over the telephone: the last twenty digits of the root taken as one number,
// in five groups of four. Digits, because letters sound alike and are not everybody's; twenty, because nobody finds a second log with the same ones.
func (h Hash) Digits() string {
	n := new(big.Int).Mod(new(big.Int).SetBytes(h[:]), spoken)
	text := fmt.Sprintf("%020d", n)
	return text[:4] + " " + text[4:8] + " " + text[8:12] + " " + text[12:16] + " " + text[16:]
}
