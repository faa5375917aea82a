// Package ledgertest builds the rows that tests of the ledger and of the packages above it stand on.
//
// One function per noun; each fills in defaults, which edits may change, and fails the test when the book refuses:
//
//	db := pgtest.New(t)
//	book := ledgertest.NewBook(t, db.App)
//	fund := ledgertest.NewFund(t, db.App, book.ID, func(f *ledger.Fund) { f.Kind = ledger.AwardFund })
//
// A Book is an organisation with what nearly every test needs beside it. Only tests import this package. Its people
// are invented and say so (練習).
package ledgertest
