// Package prepared opens databases whose connections remember the statements that ran on them.
//
// lib/pq sends a statement with arguments in two round trips, and PostgreSQL parses and plans it anew each time; for ledger.Post
// that was most of its cost. Here each connection prepares a statement when it first meets it and later only binds it. Nothing changes for
// callers: the same text, the same arguments and results, the same errors, in and outside of a database transaction.
//
// It fits a program whose statements are constant texts, as ours are. A connection keeps the last 200 it met and closes the one
// it has not met for longest. What must not be prepared (statements without arguments, COPY, several in one) goes straight to lib/pq.
//
// Behind a pooler that lends a server session for one transaction at a time, it needs one that knows prepared statements (PgBouncer 1.21
// and later).
package prepared
