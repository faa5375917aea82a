package console

import (
	"errors"
	"net/url"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// troubles are the outcomes that a person can do something about, with the text that says what.
var troubles = []struct {
	err error
	key string
}{
	{ledger.ErrFundShort, "console.fund_short"},
	{ledger.ErrSamePerson, "console.same_person"},
	{ledger.ErrDecided, "console.decided"},
	{ledger.ErrReversed, "console.reversed"},
	{ledger.ErrPeriodClosed, "console.period_closed"},
	{ledger.ErrFundClosed, "console.fund_closed"},
	{ledger.ErrAccountClosed, "console.account_closed"},
	{ledger.ErrForeignUse, "console.foreign_use"},
	{ledger.ErrUseHeld, "console.use_held"},
	{ledger.ErrNotCollecting, "console.not_collecting"},
	{ledger.ErrNoPromise, "console.no_promise"},
	{ledger.ErrRefundTooMuch, "refund.too_much"},
	{ledger.ErrSlugTaken, "campaign.slug_taken"},
	{ledger.ErrPostedBefore, "console.posted_before"},
	{ledger.ErrNoSuchRow, "console.no_such_row"},
	{campaigns.ErrReceiptInForce, "console.receipt_in_force"},
	{campaigns.ErrVoided, "console.voided"},
	{campaigns.ErrReportOverdue, "console.report_overdue"},
	{campaigns.ErrNotPaid, "console.not_paid"},
	{campaigns.ErrNotDraft, "console.not_draft"},
	{campaigns.ErrAsking, "console.asking"},
	{campaigns.ErrNotAsking, "console.not_asking"},
	{campaigns.ErrPaymentsOpen, "console.payments_open"},
	{campaigns.ErrClosed, "console.not_collecting"},
	{campaigns.ErrReported, "console.reported_already"},
}

// wrong turns an error into what the form says about it: a sentence for each field, or one for the whole form. Any other error comes
// back as it is, for the table of errors.
func wrong(err error) (map[string]string, error) {
	var bad ledger.Invalid
	if errors.As(err, &bad) {
		return sayings(bad), nil
	}
	var refused files.Refused
	if errors.As(err, &refused) {
		return map[string]string{"papers": locale.Japanese.T(string(refused))}, nil
	}
	for _, trouble := range troubles {
		if errors.Is(err, trouble.err) {
			return map[string]string{"": locale.Japanese.T(trouble.key)}, nil
		}
	}
	return nil, err
}

// Failure is what could not be done, said over a page; without a head it was nothing.
type Failure struct {
	page.Notice
	Written page.Written // in a form that is not on the page any more
}

// notDone takes what concerns a whole form out of its problems and says it over the page, where it is read even if the form is no longer there.
func notDone(problems map[string]string) Failure {
	text := problems[""]
	if text == "" {
		return Failure{}
	}
	delete(problems, "")
	return Failure{Notice: page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "できませんでした"}, Head: text, Attend: true, Alert: true}}
}

// gone is the failure of the form of that name on a page with these acts. Where it is not among them somebody else was faster: that is said, if nothing better
// is, and what was written in it is given back.
func (f Failure) gone(form string, values url.Values, problems map[string]string, acts ...Act) Failure {
	there := slices.ContainsFunc(acts, func(a Act) bool { return a.ID == form && a.Action != "" })
	if there || (f.Head == "" && len(problems) == 0) {
		return f
	}
	if f.Head == "" {
		f = notDone(map[string]string{"": locale.Japanese.T("console.decided")})
	}
	f.Written = page.NewWritten(values)
	return f
}
