// Package formula computes what a grant may pay, and says why: 「なぜこの額か」.
//
// A call for applications states its amount in words: three quarters of the cost, at most 300,000 yen, rounded down to a thousand; or 1,500 yen a
// session and the rent up to 50,000 yen a month. Here such a rule is data, never code of one grant: a tree of a few kinds of nodes, kept as JSON,
// read by Parse, turned with Facts into a Claim. The same tree serves the draft, a change, and the settlement on actual figures, where the
// decided amount is one more upper limit.
//
// What holds by construction, whatever the tree: all amounts are whole yen and rates are fractions, so nothing is ever rounded unsaid; a tree cannot
// divide by zero, refer to itself or grow without end, because Parse refuses it; more cost or more sessions never lower a claim and more income
// never raises it, because costs and counts only ever enter upwards and income only by Less. A Claim carries its Steps; they are plain data,
// print as sentences and Replay to the same amount. Beside holds a rule against one more income, also against a whole range of it, for whoever looks for
// the grants that may stand together; it has no steps, and always comes to the Claim.
//
// The package knows yen and nothing else: no database, no funder, no campaign.
package formula
