// Package campaigns is 募金: what is promised, who gives, and the paper that confirms it.
//
// A campaign begins as a draft anybody of the group may write on. Announcing publishes version 1 of its plan, opens its
// fund and states its uses; only from then on can that fund take a gift, and the database refuses anything else. The first time an operator has to have
// looked at who the group is (ledger/vetting); the database refuses that as well. A plan is
// never changed: a new version takes its place and says why.
//
//	draft → announced → open → closed → reported, or stopped on the way
//
// A gift is pending until its money is there. It turns paid in the same database transaction that books it, and
// only a movement on the payment service's own statement, or a person who has the money in hand, makes it so. Refunds are rows of
// their own and never exceed the gift, whoever writes. Yen the package does not understand, such as a second charge for one gift, go
// to 照合待ち, where a person decides; nothing stops the statement from being booked.
//
// # A promise that changes
//
// A later version is drafted beside the one in force and published with its reason. It cannot change the promises about promises: the name, the
// width, who bears the costs, the days, what was said for the case of stopping. A use is the same as long as it has its name. What a version moves is
// the larger of two sums: how much less it plans for the uses that get less, counted from the last version givers had a say in, so that small steps do
// not add up to a large one; and how much money it takes from uses that another order of priority fills later. Up to the width (流用の幅) it is in force
// at once. Beyond it, or when a use is gone, givers are asked until the end of the fourteenth day; where nobody gave, nobody has to be asked.
//
// While they are asked the version is public and not in force: gifts name the version in force on their day, nothing is spent on the uses it touches or adds
// (the database refuses it: use_hold), all other uses go on. Where the uses stood is kept when it opens, under the lock of the book: from that and the gifts
// anybody can compute each share again (Shares). A giver has one question for all his gifts, by his own link or on paper; silence, and what nobody can be
// asked about, means keeping. A share kept follows the new promise, one moved is meant for another use (designation) or goes to the general fund by a pair on
// 3200, one taken back is refunded the way it came, or stands in the treasurer's list until he has paid it. Kept, moved and returned come to what was
// unspent, to the yen.
//
// Stopping a campaign settles what is left by the same means: collecting stops, open payments end, then what its plan said for that case is done with the
// shares of all uses (Rest), and the report is still due. Once collecting is over, Funding says by the declared priority which uses can be paid for.
//
// # The duty to report
//
// Announcing promises a report for a day; the database writes that down (Duty). The report that comes meets it, and what it says is left is carried over: it
// names the day of the next one, at most two years ahead. With nothing left the duty is over; money that comes later wakes it again (ResumeDuties). A
// correction does not put a promised day off. While a day has passed, the same initiative announces nothing, and others of the organisation only with
// the representative's reason, which stands on the new call (AnnounceDespite).
//
// # Small places
//
// What everybody reads tells nothing apart of fewer than five givers (Few, Givers, Progress.Told): not how few they are, and no sum that is theirs alone or
// follows from two others. What all gave together is always told. The group itself reads everything, and what it decides rests on the exact figures.
//
// # Kinds of calls
//
// A standing call (常設) has no end. Each version of its plan is for one fiscal year and published before that collects; a year without a plan takes no
// gift, and the database says so as well. A report is promised for each year when it begins; figures are of the year, and what is left goes on. No year's
// plan drops a use that money lies on (LeftBehind); what comes to such a use later is held until a change names it again (HeldBehind). A call
// that was handed out on paper begins with version 0: the paper's uses, its day and its scan. Cash is entered on it; online it takes nothing before a version is
// announced here. Goals are people, meals, times, hours and things, promised beside yen or instead of them: a call without yen has a fund without days,
// which takes none. What is reached is counted by day (Reach) and never mixed into the book.
//
// Gifts nobody asked for go to the general fund. What the group decides about them is a use of that fund, or a transfer to a campaign (Decision), and is reported
// on. Ways to give that need no payment service are declared for all campaigns or for one (Way).
//
// A gift keeps the language of the page it was given on; letters to its giver are in it, the papers are Japanese.
//
// What is personal of a giver stands in donor, donation, receipt_person and a few columns beside them, and is erased there at once
// (EraseDonor); the book, the numbers and what was promised stay. A receipt for tax relief is kept as long as the books are.
//
// The package knows no HTTP, Stripe, mail or clock. Payments is the port to the payment service; the program calls it
// outside of database transactions, before and after the functions here.
package campaigns
