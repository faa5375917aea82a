// Package reporting is where a group writes what became of the money: the report of a campaign, from the first word to the published page
// and its corrections, under /desk/{org}.
//
// The figures are the book's and are shown as they will be printed; a person writes words, ticks consents and adds photographs.
// Nothing has to be complete to be saved. What publishing needs is listed beside the form, each with its place.
//
// Reading changes nothing: a report begins with its first saving. Whoever may write saves; publishing is the representative's, who first
// sees what will be kept for good and how many people will get a letter. A published report is never written again: a correction is
// a new version that says what it corrects and why.
package reporting
