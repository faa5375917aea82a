// Package finish rewrites the file that gofpdf wrote (beneath maroto) so that it can be kept: equal documents become
// equal bytes, the title and language are told truly, every character can be copied out again, and files can travel
// inside.
//
// It reads gofpdf's own form of PDF 1.3 and no other, uncompressed, and writes PDF 1.7. Objects are numbered by their first
// mention from the catalogue; pictures are named by their content, because gofpdf names them by a hash that depends on what
// else the process did. Shapes that maroto has no word for (hatches, circles, polygons) come as finished operators and are
// laid under each page's text.
package finish
