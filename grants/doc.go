// Package grants is the room of 助成金, from looking for money to handing an application in. Its rooms stand on each other in this order:
//
//	formula      what a grant may pay, and why: 「なぜこの額か」
//	limit        how long a text may be, as forms in Japan count
//	calendar     days of offices, due rules, work laid back from a day
//	template     forms and their versions
//	budget       収支予算: lines, claim, own part, what is laid out until the money comes
//	fit          whether a call suits a group and its plan; which calls may pay for one plan together
//	catalogue    the calls that are known, with versions
//	application  drafts, signatures, what was handed in and what came of it
//	search       what members look for, and what is new to it
//	office       the funder's own Word and Excel forms
//
// It knows the ledger and never the campaigns: what gifts do to a grant is worked out from an amount, whoever asks.
package grants
