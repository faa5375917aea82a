package ledger

import "slices"

// NoPaper is why an expense has no receipt (領収書を徴し難い理由); empty where there is one or where it is still to come.
type NoPaper string

// The reasons, as they are customary in the reports of political funds.
const (
	PaidByTransfer    NoPaper = "transfer"     // 振込・口座振替: the passbook shows it
	PaidFare          NoPaper = "fare"         // 電車・バスの運賃
	PaidToMachine     NoPaper = "machine"      // 自動販売機・コインパーキング
	PaidAtConvenience NoPaper = "convenience"  // コンビニ払い without a slip left
	NotObtainable     NoPaper = "unobtainable" // お布施, offerings and the like
)

// NoPaperReasons are the reasons in the order a form offers them.
func NoPaperReasons() []NoPaper {
	return []NoPaper{PaidByTransfer, PaidFare, PaidToMachine, PaidAtConvenience, NotObtainable}
}

// Documented reports whether an expense has a paper or a reason for having none.
func (e Expense) Documented() bool { return e.Papers > 0 || e.NoPaper != "" }

func (r NoPaper) known() bool { return r == "" || slices.Contains(NoPaperReasons(), r) }
