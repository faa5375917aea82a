// Package campaigns is 募金: what is promised, who gives, and the paper that confirms it.
//
// A campaign begins as a draft anybody of the group may write on. Announcing publishes version 1 of its plan, opens its
// fund and states its uses; only from then on can that fund take a gift, and the database refuses anything else. A plan is
// never changed: a new version takes its place and says why.
//
//	draft → announced → open → closed → reported, or stopped on the way
//
// A gift is pending until its money is there. It turns paid in the same database transaction that books it, and
// only a movement on the payment service's own statement, or a person who has the money in hand, makes it so. Refunds are rows of
// their own and never exceed the gift, whoever writes. Yen the package does not understand, such as a second charge for one gift, go
// to 照合待ち, where a person decides; nothing stops the statement from being booked.
//
// The package knows no HTTP, Stripe, mail or clock. Payments is the port to the payment service; the program calls it
// outside of database transactions, before and after the functions here.
package campaigns
