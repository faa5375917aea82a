// Package export writes the whole book of an organisation in forms that other programs read: a journal for hledger and ledger-cli,
// CSV for spreadsheets, JSON and NDJSON for programs. What is exported stands in the order of the days and is read from one snapshot,
// row by row, so that a long book needs no memory.
//
// It holds what the book holds, memos and names of counterparties among it: who exports must be allowed to read the book.
package export
