// Package typeset sets Japanese text: it cleans what people typed, breaks it into lines as a Japanese reader expects,
// and distributes strips of lines over pages.
//
// A PDF library can neither break Japanese nor survive every name, so nothing but finished lines leaves here. Each
// document has a Case: it measures with the real metrics of the Faces, gives every glyph in use a code of one 16-bit
// unit (a private one for bold glyphs, for characters beyond U+FFFF and for variant forms 異体字), and at the end casts
// a small TrueType font of just these glyphs. What no face has is set as 〓 and reported.
//
// Break follows UAX #14 (rivo/uniseg) and tightens it: kinsoku 禁則 is kept even inside an endless word, a number stays
// with its unit, a short katakana word stays whole. Paginate never loses a line.
//
// Widths and heights are millimetres; sizes of type are points.
package typeset
