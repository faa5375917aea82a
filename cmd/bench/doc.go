// Command bench measures the program against what stands beside it on the same machine, in the same run:
//
//	go run ./cmd/bench post   ledger.Post against plain inserts of the same rows
//	go run ./cmd/bench seal   the same with the sealer at work, until nothing is unsealed
//	go run ./cmd/bench balances   balances and the other figures of a book, as it grows
//	go run ./cmd/bench verify     the log of a million records, read and recomputed
//	go run ./cmd/bench page   the public campaign page against an HTTP server that says "ok"
//	go run ./cmd/bench storm  thousands of webhooks at once, what becomes of them, and what visitors meet meanwhile
//	go run ./cmd/bench pdf    a receipt and a report against Chromium printing the same page
//
// Each prints a table that can be pasted as it is. What counts in it are the ratios: the sides take turns, round by
// round, with the same clients and the same server, and the median of the rounds' ratios stands in the table. The absolute figures beside
// them are of that machine on that day and are promised nowhere.
//
// PostgreSQL is private to the run, in a temporary directory, and durable: every commit reaches the disk.
package main
