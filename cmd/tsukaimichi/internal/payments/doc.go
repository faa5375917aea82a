// Package payments stands between the campaigns and each organisation's own Stripe account.
//
// A gift takes this way: Open notes an attempt, asks Stripe for a payment page and keeps its answer, in that order, so that a
// crash anywhere is mended by asking again. What happens at Stripe comes back as a webhook: Receive checks its signature,
// keeps it under its unique id and answers at once; of many that come together a few are taken in at a time, and one job is woken for all. Process, run by
// that job, asks Stripe for the present state of what the event
// names and settles the gift in one database transaction with its booking and its letters. Sweep looks at everything that waits and at
// the account's own statement, so that a lost webhook costs time and nothing else; Check compares book and account every day.
//
// When a campaign is stopped, or its collecting ends early, EndPages closes the payment pages that are open; who holds a voucher may still pay it. A gift that is paid
// all the same is a gift as any other: it is booked, and what becomes of it the group decides.
//
// Money goes back by Refund (the group) or TakeBack (the giver, within eight days): the intent is committed with the receipt it voids,
// then Stripe is asked, and an answer that was lost is found again. After an error of Stripe's own, which sticks to its key, another key is used only when it is sure that
// nothing was refunded behind it; until then no other refund of the gift is taken, and people see that one hangs. The book learns of all money from the statement alone; only a lost dispute has
// no line there and is booked from its outcome.
//
// One bad line, page or event never holds up the others: it is put aside as a Problem, which people see until it is solved; a line the book refused is tried
// until it is booked, and what comes back of its gift waits for it. Yen in 照合待ち go back to their payer, become a gift, or are booked as what a person finds they were: Decide. Payment pages are limited by
// address, mail and card, and in all; when refusals jump, card and konbini are switched off and the other ways stay.
//
// Nothing is asked of Stripe inside a database transaction. The tests hold all of it against failures that are numbered, against a connection to the database
// that is torn at every place, and against random storms.
package payments
