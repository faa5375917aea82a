package console

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Who may do what: 代表 answers for the organisation, 会計 moves money, 監事 looks at everything and checks, 担当 enters what he
// has in hand, コーディネーター reads and helps to write.
var (
	readers   = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member, ledger.Coordinator}
	drafters  = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Member, ledger.Coordinator}
	enterers  = []ledger.Role{ledger.Treasurer, ledger.Member}
	checkers  = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor}
	reporters = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Member}
	treasurer = []ledger.Role{ledger.Treasurer}
	// who entered an expense may take it back himself: the handler sees whose it is
	decidersOrOwner = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member}
	head            = []ledger.Role{ledger.Representative}
)
