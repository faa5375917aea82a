// Package pgtest gives each test a migrated PostgreSQL database of its own, in about ten milliseconds.
//
// New is all that a test calls; nothing is to be installed, started or stopped by hand, and no TestMain is needed:
//
//	db := pgtest.New(t)
//	ledger.Post(ctx, db.App, …)
//
// All test processes of a checkout share one volatile server (package embpg), kept in memory where the machine has
// room. The first to come starts it; a keeper, the test binary playing another part, stops it some seconds after the last
// went, whether they ended or were killed. A template is migrated once for each state of the migrations; a test gets a copy
// of it, which is dropped with the test. Copies of processes that died are dropped by whoever comes next.
//
// A test meets the database as the program does in production: App may do what the migrations grant and no more,
// Owner owns the tables and is no superuser.
package pgtest
