// Package applying is where an application is written, signed and handed in, under /desk/{org}/applications.
//
// A draft is written section by section. What is known already (profile, worksheet, snippets) is offered beside each field and never put over what somebody
// wrote. Saving merges: two people in two fields never notice each other, two in one field see both texts. The budget works itself out and says why the
// amount is what it is.
//
// Beside each question stand the words people wrote about it and the kept texts that fit it. A line of the budget says who pays it and holds its quotes. The
// funder's own form is shown as it stands, and an answer goes where it is pressed; whoever has no script chooses and presses a button.
//
// Drafts and tasks are in somebody's hand. Handing over passes what a coordinator has to somebody of the group, with a checklist of what to be able to do alone, and
// ends the coordinator's part when he wishes. Line says of a draft what a board over many needs.
//
// The group signs the content, in the order 会計, 代表, 監事, as far as it has them. A coordinator writes for many groups and signs for none: the routes let him
// not, and signing asks for the role again.
package applying
