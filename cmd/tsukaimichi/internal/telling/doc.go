// Package telling writes the letters of package campaigns/news: an update to each of its readers, the link that confirms an address, and word to the
// group that somebody asked. It makes the private links by which a reader stops letters, kind by kind.
//
// A letter is enqueued in the database transaction of what it tells, under a key that names both, so that one update comes to one address once,
// however often it is published or corrected. A correction writes no letters: it is read where the update is.
//
// Every letter to a giver is written in Japanese; In makes it English for who gave on the English pages.
package telling
