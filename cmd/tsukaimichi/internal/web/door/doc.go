// Package door is where members come in and go out: by the six digits or the link of a mail, and to the desk of one of their
// organisations.
package door
