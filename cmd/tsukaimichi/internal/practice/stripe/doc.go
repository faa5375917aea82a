// Package stripe is the practice Stripe: the part of Stripe's API that a donation needs, the payment page and the konbini
// voucher, for a program that moves no money.
//
// It answers in the words of API version 2023-10-16 and refuses what Stripe refuses: unknown URLs, parameters and
// expansions, amounts out of range, a key that would move real money. It sends signed webhooks and tries them again for three days. It
// keeps everything in the schema practice, so that it survives a restart and any number of replicas serve it together.
//
// How it is built: an object is the JSON document it answers with, one row each (object.go). Everything of an account is
// written under a lock of its row (account.go), together with the events it causes (event.go) and the answer to the request's
// idempotency key (idempotency.go). Deliver sends what is due; Tick lets time do its work: pages close, vouchers run out, money
// becomes available and goes to the bank, evidence comes too late. Both are called by the program's loops, and by tests directly. What Stripe, the network
// and a payer's bank do wrong can be asked for (switch.go, paid.go), so that people and tests see what becomes of it.
//
// It is our belief about Stripe, not Stripe. Assumed are: the processing cost (fee.go), the days until money is available
// (fee.go), a payout each Friday (payout.go), the order of events of one payment, that a refund is booked when it is asked for even if the balance does not cover it.
// Assumed too are what a dispute costs and how long evidence
// is taken (dispute.go). Not here are customers, monthly payments and bank transfers.
package stripe
