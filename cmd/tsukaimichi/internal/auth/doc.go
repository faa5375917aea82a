// Package auth knows who is there and what that person may do.
//
// Signing in is by mail. Begin takes an address and always answers the same; whom it belongs to gets six digits and
// a link, both good once and for fifteen minutes. The digits work only in the browser that asked, five times at
// most. The link shows a page with a button, and only the button signs in: mail scanners open links. OneTimeLink is
// the same link without a mail, for a person just entered by an operator and for practice mode. Tables hold hashes
// alone; the letter in the outbox is emptied when its time is over.
//
// Factors are what a person shows besides the mailbox: passkeys, which also sign in by themselves because the device
// asks for a finger, a face or a number first; the digits of an app; a number of a sheet of paper. Each counts once: a
// ceremony is used up by its answer, the count of a passkey has to grow, digits and all older ones are spent, a number
// is struck out. The key of an app is sealed to its person; numbers of the sheet are too long to be guessed and kept as
// hashes. Tries are counted per person and per network address before anything is compared. Every change is told by mail.
//
// A session is a random token in a cookie, its hash in the database, for twelve hours. It names a person, when and in
// what kind of browser it began, and when a second factor was last shown; what the person may do is read on every
// request from the memberships valid on that day, so a role that ended has ended at once. The person sees all open
// sessions and ends them, on every replica at once: an ended one stays in the table for a while, so that no request
// under way writes it back. There is no idle time, which would write on every request. A browser not seen before is told
// to the person by mail; where on the network it was is kept nowhere.
//
// A Guard stands before routes. What no route names is refused: Require without a role lets nobody in, and a person
// who is operator has no role in any organisation by that; RequireOrGuest lets him read where he was granted it.
package auth
