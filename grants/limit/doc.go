// Package limit counts text as Japanese forms limit it, and says how much room is left: 「あと n 字」.
//
// Forms mean different things by a length: characters with spaces and line breaks or without; units in which a full-width character is two;
// a frame of so many rows and columns that must not overflow; pages of A4. A Limit says which, and whether going past it is an error (hard)
// or, up to a tenth, a warning (soft: 「程度」).
//
// The browser counts too, while somebody types (static/count.js). Both follow the same few rules, written down here and nowhere else, and a test
// compares them over ten thousand texts:
//
//   - Line breaks are one character however they arrive: CR LF and CR become LF first.
//   - Text is counted as NFC composes it, か + ゛ being one が; it is never stored that way.
//   - A character is a Unicode code point. 𠮷 is one, although scripts count it as two.
//   - Half-width is U+0020–U+007E and U+FF61–U+FF9F, one unit each; everything else is full-width, two units.
//   - A space is one of the fixed list in isSpace; a line break is no space.
//   - A frame is a grid of squares: a character that does not fit begins the next row; empty rows at the end do not count.
package limit
