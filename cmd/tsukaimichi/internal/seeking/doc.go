// Package seeking writes the letters of kept searches: what is new in the catalogue to somebody who looks for grants, for all his groups in one letter, one a
// day at most and not before seven, never the same thing twice.
//
// The letter and the note of what it told are one transaction, the only one of the program that writes to several organisations: a person reads one letter, not
// one for each group he helps. Who no longer belongs to a group gets nothing about it; who stopped the letters gets none, and what was found
// meanwhile comes with the first after he lets them come again.
package seeking
