// Package ledger is the book.
package ledger
