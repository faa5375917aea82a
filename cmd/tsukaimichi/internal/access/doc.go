// Package access knows who may look into an organisation without being of it, and who has opened what.
//
// A Grant lets one operator of the program read one organisation's pages until a day, at most fourteen days, for a purpose. The
// representative gives it, unasked or when the operator has asked (Ask, which writes to the representatives), refuses it, and may end it at any
// time. It is reading and nothing else: who builds the routes lets a grant through to pages that every member may read, never to an act.
//
// The log has a row for each private thing that was opened: by a member, by an operator with his grant, by a command on the machine itself.
// It holds the pattern of a route and one id, never an address or a name. Log comes before the page: what cannot be logged is not shown, so
// a row says that somebody asked, and what he saw may have been that there is nothing. Rows are never changed; Purge takes out months that
// ended two years ago, which the database itself writes down, and nothing else can.
//
// A coordinator's role ends on a day; Remind writes to the representatives two weeks before.
//
// The letters about looking at who a group is (ledger/vetting) are written here, as it is operators and representatives who get them.
//
// The package writes the tables access and access_grant. The web and the commands call it; it knows no HTTP.
package access
