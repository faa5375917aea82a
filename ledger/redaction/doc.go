// Package redaction is 黒ぬりの写し: the picture of a paper that everybody may see.
//
// Evidence is private: it names people, accounts, seals. Whoever enters papers prepares a copy in which all that is painted over (Prepare); what was below the
// paint is not in its bytes any more. Another person, who may check expenses, looks at exactly those bytes and approves or refuses them (Approve, Refuse):
// the domain asks for another person, and so does the database. From then on the copy is public, beside the record of its paper, until it is withdrawn
// (Withdraw); its bytes go then, its hash stays. A paper whose keeping time is over takes its copies along (Erase).
//
// Each step stands in the history of the expense. A paper may have several copies, one for each page.
//
// The package writes the table redaction. It knows no pictures and no HTTP.
package redaction
