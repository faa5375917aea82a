// Package chromium lets tests look at the site as people do: in a real browser, one for each test binary, that reaches nothing but this machine.
//
// A Visitor has cookies of his own; he opens Tabs, which remember what the browser complained about. An Examiner looks at an open page with axe-core, on a
// small screen, with large text, by keyboard and without scripts, and takes pictures where they are wished. Tool and Axe find what a
// test needs from outside: where it is missing the test is skipped with the line that installs it; under CI=true it fails.
//
// Only tests import it.
package chromium
