// Package pagetest looks at rendered pages in tests: their structure, and that every template of a room has a sample.
//
// With TSUKAIMICHI_SHOTS=DIR in the environment Samples also writes each page to DIR/ROOM/NAME.html with the static files beside
// it, for looking at in a browser (python3 -m http.server in DIR).
package pagetest
