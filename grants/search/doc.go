// Package search keeps what members look for in the catalogue, and finds what is new to it.
//
// A Seeker is who looks: the facts and papers of a group as package fit holds them against rules, and the plan it looks for. A Query is what is looked for:
// words, an area, what it is for, an amount, a window of days, and whether a call has to suit the plan. Saved is a query that a member keeps under a name.
//
// A kept search has Found what was there when it was kept; afterwards News is what matches and was not found in its version before: a new call, or one
// whose words changed. Tell writes down that it was told, in the transaction of the letter, so that nothing is told twice and nothing is lost. A version in
// which only the day of checking changed is no news.
//
// The rooms of organisations are kept apart: a search belongs to one, and one member may keep searches in several. Only the letter about all of them, of which
// he gets one a day at most, is of no organisation.
package search
