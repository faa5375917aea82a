// Package page is what all pages share: the frames, the template engine, the components and the static files.
//
// # To add a page
//
//  1. Write a struct beside its builder, embedding the frame, and name its template:
//
//     type CountPage struct {
//     page.Console
//     Box      string
//     InBook   ledger.Yen
//     Counted  page.Field
//     Form     page.Form
//     }
//
//     func (CountPage) Template() string { return "console/count" }
//
//  2. Write a pure builder: domain values in, struct out; no database, no clock, no request. It chooses words, rows and order, so that
//     the template only prints.
//
//  3. Write templates/count.html in the room with {{define "main"}} … {{end}}. It begins with one h1 and uses the components:
//     {{template "field" .Counted}}. Templates know if, range, with, template and the functions in functions.go, no more.
//
//  4. Add a sample to the room's test. pagetest.Check looks at the structure; a template without a sample fails the test.
//
// The handler calls the domain once, builds the page and returns renderer.Render(w, status, page): errors go back to the caller, and
// nothing has been sent by then. A form that comes back with problems is sent with status 422.
//
// # Components
//
// The name of the template, then what it is given:
//
//	michi Bar · people People · proof Proof · shares Shares (after Draw) · years Years (after Draw) · agree Agree · tbl Table
//	pairs []Pair · tag Tag · notice Notice · steps []Step · slip Slip · list []ListRow · docs []Document · empty Empty · upright Motto
//	todo []Task · journal Journal · pager Pager · search Search
//	problems Problems · field Field · choices Choices · tick Tick
//
// A section of a page is <section class="sec" aria-labelledby="ID"> with its h2 in <div class="sec__label">; a step of a form is
// <fieldset class="step"><legend><i>1</i>金額</legend>. testdata/templates/all.html shows all of them.
//
// A form is filled by Form, whose fields are asked for in the order of the page: it keeps what was typed, puts each problem under its
// field, lists them, and gives the first the focus. The keys of ledger.Invalid become sentences before they come here.
//
// # What holds everywhere
//
// The policy (Policy) allows no style and no script inside a page: no style attribute, no event attribute. Bars are SVG with percentages
// in attributes. Everything works without the script, at 320 px and with text at 200 %. A word for the reader is written in the template or
// the builder, in the voice of the design: plain, polite, a verb at the end, and an error says what and then how.
//
// A first view of a public page stays light: stylesheets and scripts are packed and kept for ever under their hash, there is no web font, and nothing is
// asked of another site. Public pages name the worker (worker.js), which keeps them as they were read for when the line drops; a new kind of public page is added to
// the list at its top.
package page
