// Package feeds gives the days of grants to calendar programs: when an application is due and how the day is met, when each piece of work before it has to
// begin, and what the funder has planned. It is the only importer of golang-ical.
//
// A calendar is read at a secret address, by a program that cannot sign in. Of the address only a hash is kept, so that it is shown once; whoever makes a
// new one, or takes it back, ends the one before. There is one for an organisation, which opens as long as whoever made it has a role there, and one for
// each person, which holds the days of every group he belongs to on the day it is read: a role that ends takes its days along.
//
// A calendar leaves the house. It names calls, groups and days, never a person, and no words that somebody typed into an application. Each day keeps its UID
// as long as it means the same, so that a day that moves does so in the calendar too; nothing in it depends on when it was read but which days have
// become old.
package feeds
