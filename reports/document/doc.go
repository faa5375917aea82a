// Package document is what a paper says, without saying how it looks: titles, people, bars, tables, paragraphs,
// photographs, in reading order, as plain data.
//
// One Document feeds the web page (reports/page) and the PDF (reports/pdf), so both say the same. Amounts are
// ledger.Yen and days are ledger.Date until they are printed: paper writes △ and 令和8年（2026年）, the screen writes −
// and 2026年. A Document is built by package reports from figures, survives JSON unchanged (it is stored beside the bytes
// it was printed to), and holds no type of any renderer.
package document
