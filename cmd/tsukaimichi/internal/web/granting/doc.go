// Package granting is where a coordinator and a group look for grants: the catalogue of calls, what suits which plan and why, which calls go together, and
// entering or importing calls, under /desk/{org}/grants.
//
// Every answer of a page has its reason: the rule with the sentence of the call, the fact it was held against and the day of the fact, each part of a
// score. What is not known is a question that is answered right there, once, and goes into the group's profile.
//
// The catalogue is common to the installation. Whoever drafts for a group may enter and correct calls, as versions with his name; nothing of a group stands in it.
package granting
