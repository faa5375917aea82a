package console

import (
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
)

// sampleCopies are copies of papers: being made, waiting, public, withdrawn; and the expense they belong to.
func sampleCopies(d Desk) map[string]page.Page {
	paper := ledger.Evidence{OrganisationID: 1, ID: 5, ExpenseID: 3, Type: files.JPEG, AddedAt: d.Now}
	typed := url.Values{"box1_left": {"12.5"}, "box1_top": {"10"}, "box1_width": {"40"}, "box1_height": {"8"}, "box2_left": {"90"}, "box2_top": {"5"}, "box2_width": {"20"}, "box2_height": {"5"}}
	boxes, bad := readBoxes(typed)
	waits := redaction.Redaction{ID: 1, EvidenceID: 5, ExpenseID: 3, What: "米", Status: redaction.Prepared, Boxes: 2, PreparedBy: "練習 実", PreparedPerson: 2, PreparedAt: d.Now}
	own, public, gone := waits, waits, waits
	own.PreparedPerson = d.Person.ID
	public.ID, public.Status, public.DecidedBy, public.DecidedAt = 2, redaction.Approved, "練習 朝子", d.Now
	gone.Status, gone.WithdrawnBy, gone.WithdrawnAt, gone.Reason = redaction.Withdrawn, "練習 実", d.Now, "印影が残っていました。"
	expense := ledger.Expense{ID: 3, What: "米", Payee: "練習ストア", Amount: 600, PaidOn: d.Today(), Status: ledger.Unchecked, EnteredPerson: 2, EnteredBy: "練習 実"}
	pdf := paper
	pdf.ID, pdf.Type = 6, files.PDF
	return map[string]page.Page{
		"redact":            buildRedact(d, paper, "米", typed, boxes, sayings(bad)),
		"redaction":         buildRedaction(d, waits, "approve", nil, map[string]string{"looked": "よく見てください。"}),
		"redaction_own":     buildRedaction(d, own, "", nil, nil),
		"redaction_public":  buildRedaction(d, public, "withdraw", nil, map[string]string{"reason": "書いてください。"}),
		"redaction_gone":    buildRedaction(d, gone, "", nil, nil),
		"redaction_expense": buildExpense(d, expenseView{Expense: expense, Papers: []ledger.Evidence{paper, pdf}, Copies: []redaction.Redaction{waits, public}}, "", nil, nil),
	}
}
