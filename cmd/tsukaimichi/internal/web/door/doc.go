// Package door is where members come in and go out: by the six digits or the link of a mail, or by a passkey, and to the desk of one of
// their organisations.
//
// Behind some routes (Gate), and before all that an operator reads by a grant, stands a second question: a passkey, the digits of an app
// or a number of a sheet of paper, shown within the last quarter of an hour. GET is led to /confirm and back to the page that was wanted;
// POST is answered with a page that holds what was typed and takes the digits along, so that nothing has to be typed again. What a person
// has to show is set up, seen and taken away at /account, and so are open sessions. Every change there is told by mail, and once there is
// something to show it is asked for first.
//
// A form sent after the session ended is held likewise (Outside): its page shows what was written and sends all of it once more.
//
// In practice mode there is a button in place of all this beside it: anybody at the machine may be anybody.
package door
