// Package pdf prints a document on A4, in the usual size or in large print, and posters on A4 and A3 (Format).
//
// The way of a document: its blocks are set into slabs of finished lines and shapes (set_*.go), the slabs are
// distributed over pages (typeset.Paginate), maroto draws the lines and photographs (draw.go), the shapes become PDF
// operators (ink.go), and package finish puts them under the text and makes the file whole. This is the only package that
// imports maroto and gofpdf; it gives maroto one small font per document and lines that it has no reason to break, because
// left to itself it breaks Japanese anywhere and panics on a name like 𠮷田.
//
// Render depends on the document alone: the same document gives the same bytes, on every machine of one Go version.
// The bytes are stored and served; nobody renders again on download. The PDF is not tagged, so the page is the edition
// for those who listen, and the PDF prints its address.
package pdf
