// Package granting is where a coordinator and a group look for grants: the catalogue of calls, what suits which plan and why, what a call means for the group's
// own money and its weeks, which calls go together, searches that are kept, days for calendars, and entering or importing calls, under /desk/{org}/grants.
//
// Every answer of a page has its reason: the rule with the sentence of the call, the fact it was held against and the day of the fact, each part of a
// score, each step of an amount, and what was assumed where a call is silent. What is not known is a question that is answered right there, once, and goes
// into the group's profile.
//
// The catalogue is common to the installation. Whoever drafts for a group may enter and correct calls, as versions with his name; nothing of a group stands in it.
// A kept search is its keeper's alone. Calendars, and the link by which letters are stopped, are read without signing in by whoever has their secret.
package granting
