// Package payments stands between the campaigns and each organisation's own Stripe account.
//
// A gift takes this way: Open notes an attempt, asks Stripe for a payment page and keeps its answer, in that order, so that a
// crash anywhere is mended by asking again. What happens at Stripe comes back as a webhook: Receive checks its signature,
// keeps it under its unique id and answers at once. Process, run by a job, asks Stripe for the present state of what the event
// names and settles the gift in one database transaction with its booking and its letters. Sweep looks at everything that waits and at
// the account's own statement, so that a lost webhook costs time and nothing else.
package payments
