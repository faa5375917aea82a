// Package jobs does afterwards, in the background, what a change asks for: book a Stripe event, draw a receipt,
// deliver letters. The queue is River on PostgreSQL, in its own schema, so a job is enqueued in the transaction of
// its change and exists exactly when the change does.
//
// A job is a kind and the ids of its subject, nothing else: no amounts, which may change until it runs, and no
// personal data, since River keeps what was done for days. A worker is a function of these two ids that reads what
// it needs, and that may run twice: after a crash a job runs again, so repeating it must change nothing.
//
// The same kind and ids wait once. A reason that comes again while its job runs leaves no second one, but the job is done once
// more afterwards: it may have looked before the reason came.
//
// A process shows by an advisory lock that it is alive. What it was doing when it was killed is taken up by the next one at
// its start, or by another replica within seconds; so is what it never heard the end of because the database went away. River's
// own rescue comes after eleven minutes and is for what this cannot see, such as a machine that vanished from the network.
//
// Jobs run by the machine's clock, now or soon. A day of the books is never a job's time: sweeps ask the program's clock
// what has become due, so a practice clock that is moved moves everything.
package jobs
