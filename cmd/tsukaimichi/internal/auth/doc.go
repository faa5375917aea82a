// Package auth knows who is there and what that person may do.
//
// Signing in is by mail. Begin takes an address and always answers the same; whom it belongs to gets six digits and
// a link, both good once and for fifteen minutes. The digits work only in the browser that asked, five times at
// most. The link shows a page with a button, and only the button signs in: mail scanners open links. OneTimeLink is
// the same link without a mail, for a person just entered by an operator and for practice mode. Tables hold hashes
// alone; the letter in the outbox is emptied when its time is over.
//
// A session is a random token in a cookie, its hash in the database, for twelve hours. It names a person and
// nothing else: what the person may do is read on every request from the memberships valid on that day, so a role
// that ended has ended at once. There is no idle time, which would write on every request.
//
// A Guard stands before routes. What no route names is refused: Require without a role lets nobody in, and a person
// who is operator has no role in any organisation by that.
package auth
