package campaigns

import "github.com/tsukaimichi/tsukaimichi/ledger"

// OnPaper reports whether the plan is the one a call began with on paper: version 0, 「紙で公表」. Nothing is given online for it.
func (p Plan) OnPaper() bool { return !p.PaperOn.IsZero() && p.Version == 1 }

// announcedOn is the day a plan is announced on when it is announced here on a day: a paper call was announced by its paper.
func (p Plan) announcedOn(on ledger.Date) ledger.Date {
	if p.PaperOn.IsZero() {
		return on
	}
	return p.PaperOn
}
