// Package papers prints: receipts, usage reports, leaflets, what givers are asked on paper. It stands between package reports, which says what a paper says, the
// printer (reports/pdf), the file store and the outbox.
//
// Bytes are kept before the row that names them is written, so that no row ever names a file that is not there.
package papers
