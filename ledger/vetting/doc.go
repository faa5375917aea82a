// Package vetting is 団体の確認: the operator of the installation looks once at what shows who a group is, before it first asks anybody for money.
//
// The representative asks (Ask) and says how the papers will be shown; an operator looks and writes down what was seen, on which day and how: kinds of
// papers, never a copy, a number or a name. He approves (Approve) or refuses (Refuse) with a reason and what the group can do next; then it may ask again.
// Once approved it holds. What was looked at is fingerprinted, so that Changed can say that the name, the representative or the account is another since.
// Groups that asked for money before there was this rule count as vetted, under their own word (Before).
//
// The database lets no campaign leave its draft without it, and lets operators alone decide; campaigns asks Vetted to say so kindly. An operator who has a
// role in the group himself may decide, and everybody reads that he had.
//
// The package writes the tables vetting and vetting_seen. It knows no mail and no HTTP.
package vetting
