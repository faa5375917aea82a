// Package campaign holds tests alone: the whole program in practice mode, and a small group's first campaign in it, done by keyboard.
//
// The group is founded, drafts its promise, is looked at by the operator and announces; a resident gives by card and at the konbini, envelopes are typed in, a receipt is
// entered with its photo and checked by somebody else; the report is written, published, read, printed and sent, and the book holds every sum. Pages that
// no link leads to are looked at as the crawl looks at the others.
//
// With TSUKAIMICHI_SHOTS=DIR in the environment these pages are also stored as pictures.
package campaign
