// Package ledger is the book of an organisation: whose money, for what, where it is and what became of it.
//
// It is kept in whole yen (Yen) and in days of Asia/Tokyo (Date). A transaction is a set of entries; each entry
// names an account (where or what), a fund (whose claim) and, for money spent, the segment, initiative and use. Three rules
// hold everywhere, and PostgreSQL holds them too (migrations/0031_door.sql), so that no program can break them:
//
//   - The entries of a transaction sum to zero in each fund. Money moves between funds only by an explicit pair
//     on account 3200.
//   - Nothing is changed or deleted. A mistake is reversed, with a reason, by somebody.
//   - Nothing enters a closed period. What belongs there is booked on the first open day and keeps its true day.
//
// What the book comes to is never added up from all its entries: balances are the roll-up by month that sealing leaves (package chain) and a
// short tail, so that no page and no posting costs more because older years exist.
//
// Only this package writes entries. Functions that are part of a larger change take the caller's database
// transaction; functions that are a whole change take the database and call InTx. Whoever calls is told to be allowed to by the
// caller: the ledger asks who acts (Actor), not whether he may. Days and instants are arguments; the package has no clock.
package ledger
