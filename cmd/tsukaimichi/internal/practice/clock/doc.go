// Package clock is where the program gets its time from, the only place beside main that asks the machine.
//
// Production runs on System. The practice program runs on one Movable clock, shared by everything in it — the web pages, the
// jobs, the practice Stripe, the mailbox — and by every replica, because how far it is ahead stands in the database. So a voucher
// runs out or a report falls due in five minutes, and everything agrees about it.
package clock
