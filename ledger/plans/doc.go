// Package plans keeps the worksheet (演習シート) with which a coordinator and a group go from a need to a plan.
//
// A Worksheet is one plan: the need as it was voiced and as professionals see it, kept apart; what is to be built; whom it is thought over with; how the
// need of the whole area is found out; with whom; in which steps; who does it; what it costs and where the money comes from. It saves itself while
// people write: Save takes the revision they started from and refuses with ErrConflict, and the newer sheet, when somebody else was faster.
// Nothing is lost: a version is kept whenever somebody says so.
//
// What stands in a sheet is written once. Keys gives its texts under the common keys of forms, so that campaign drafts and applications are filled
// from it. Notes are confidential and have no key: no export ever holds them.
package plans
