// Package console is what a member of an organisation does in a browser: the campaigns, the gifts, the expenses, the book and the
// settings, under /desk/{org}.
//
// A request comes with a Desk in its context: who works here, in which organisation, with which roles, at which instant. Whoever
// builds the routes puts it there after looking at the session, and asks Routes who may come in; a handler asks only about the object.
// Everything is looked up with the desk's organisation, so the id of another one is ErrNotFound.
//
// A handler parses, calls the domain once inside ledger.InTx, and renders or redirects. What a person can mend comes back as the form
// he sent, filled in, with status 422; what somebody else did meanwhile (Trouble) is said on the same page together with the next step.
// Every form that books carries a random key, so that pressing twice is one booking.
//
// What shows donors' names, papers, exports or the list of members says so in its Route (Private): whoever builds the routes has it written into
// the access log before it is shown. What every member may read (Reads) an operator may, as a guest without a role, while the representative
// lets him. Words to search for are sent in the body (searched), because names do not belong into addresses.
//
// Before a group's first campaign the representative asks for a look at who it is, and an operator, whose pages are here too, lists what he saw (vetting.go,
// vetting_operator.go). A paper becomes public in a copy that one person paints over (redact.go) and another looks at (redaction.go).
//
// The package writes no table. Its own queries (folder query) only gather what waits for somebody.
package console
