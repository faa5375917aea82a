// Package shelf answers with what everybody may read so that it costs little when nothing has changed: neither the reader's line nor the database.
//
// Every answer has a validator (ETag) made from its bytes, so it changes exactly when what is shown changes: a gift, an expense, an update, a day, another
// language, a new program. A browser that asks again with the validator gets 304 and no body.
//
// A Shelf moreover keeps what it made until anything is committed to the database, by whomever. Whether that is so is one question of a few microseconds, asked at
// each request: nobody ever reads an older page than without the shelf, however many machines serve the site. While nothing is committed an
// unchanged page therefore costs that question and a 304; after a commit that did not concern it, one more making and a 304.
//
// # To put a page on it
//
//	return p.shelf.Send(w, r, p.DB, today.String(), func(out *bytes.Buffer) error { … })
//
// The fourth argument names all that the answer depends on besides its path and the database: the day, the language, a cookie's choice, a parameter. What depends
// on a header says so with Vary (AddVary). Headers that are set before (Content-Type, Content-Disposition) stay; text/html is assumed. What is asked with
// words of the reader's own is sent by Once, which keeps nothing.
//
// What is for one person alone never comes here. Every other answer of the site is no-store (web/server.go).
package shelf
