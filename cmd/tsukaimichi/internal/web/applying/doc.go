// Package applying is where an application is written, signed and handed in, under /desk/{org}/applications.
//
// A draft is written section by section. What is known already (profile, worksheet, snippets) is offered beside each field and never put over what somebody
// wrote. Saving merges: two people in two fields never notice each other, two in one field see both texts. The budget works itself out and says why the
// amount is what it is.
//
// The group signs the content, in the order 会計, 代表, 監事, as far as it has them. A coordinator writes for many groups and signs for none: the routes let him
// not, and signing asks for the role again.
package applying
