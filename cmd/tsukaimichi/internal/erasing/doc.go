// Package erasing takes away what is kept of people: on their wish, and when its time is over. Each room erases its own columns; here they
// meet in one database transaction, and what is not in the database follows.
//
//	what                                    kept until                              erased by
//	donor, gifts, refunds, payment pages    the wish; else 7 years of the books     campaigns.EraseDonor
//	name and address on receipts, papers    the same; of a 認定NPO法人 7 years       campaigns.EraseDonor
//	letters                                 keep_until of each, or the wish         mail.Erase, mail.EraseRecipient
//	events of the payment service           90 days, or the wish                    Till.Prune, payments.EraseEvents
//	memos, payees, papers of the books      7 years of the books                    ledger.Erase…
//	copies of papers for everybody          being withdrawn, or with the paper      redaction.Withdraw, redaction.Erase
//	private parts in the log                with what they name                     chain.Forget, chain.ForgetCounterparty
//	signing in, sessions, counts of tries   minutes to days                         auth.Prune, limit.Prune
//	photos and voices of reports            the consent                             reports.Withdraw
//	photos of updates                       the consent                             news.Publish of a version without
//	addresses of followers                  a day until confirmed, his stop, a year news.Unfollow, EraseFollowers, EraseDue
//	                                        after the campaign is over, or the wish
//	searches that members keep, calendars   the member's wish                       search.Delete, feeds.Close
//	names and questions under reports       a year; thirty days if not shown        news.EraseAsker, EraseName, EraseDue
//
// Seven years of the books begin two months after the fiscal year (ledger.Organisation.KeptUntil).
//
// Bytes leave the file store after the commit that says so, by a job that may be stopped at any point and goes on where it was: a row of
// dropped_file waits until its file is gone. A file that another row still names stays.
//
// What left the machine is not ours to erase: letters that arrived, backups, and what the payment service knows.
package erasing
