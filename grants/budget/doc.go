// Package budget is the 収支予算 of an application: lines of cost with their 積算, lines of income, and what follows from them.
//
// A Sheet is typed in by people; nobody types a sum. A line's amount is quantity × quantity × unit price; which part of it the call accepts
// follows from the line's category in the form: not eligible, up to a price a unit, up to a share of the whole. From that come the Facts of the
// formula, the claim, and who pays for the rest. Check says what does not agree, at its line.
//
// Each line has its Parts: this grant, other income, the group's own. What a person said of a line stands; the rest is divided by what the call accepts.
//
// A call may pay by a rule of its own: CallRule. It stands in the sheet, and Spec alone decides which rule holds. Beside says what it
// comes to when other grants pay too.
//
// FromPlan begins a sheet with what a worksheet holds. Ahead says what the group has to lay out, and for how long, until a grant that is paid afterwards has come.
//
// The sheet is the same object from the plan to the settlement: the planned one is kept, the actual one comes from the book.
package budget
