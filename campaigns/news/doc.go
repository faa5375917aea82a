// Package news is 活動だより: what a group tells while money is collected and spent, before it reports.
//
// An update is written, looked at, and published. From then on it stands; what was wrong in it is corrected by a version that says why, and the
// earlier one stays readable. It is public, or for those who gave to the campaign; that never changes afterwards. Photos carry the consent of
// who can be recognised: a version that leaves one out takes its words out of all earlier versions as well, and its bytes leave the store.
//
//	draft → version 1 → version 2 …
//
// Readers are who is written to: givers of the campaign who left an address and, of what is public, followers: people who want to hear of a
// campaign without giving, and who have opened a link sent to their own address. One address gets one letter. Everybody can stop each kind
// of letter by itself (Quiet); receipts are no such kind.
//
// Under a published report anybody may ask. A question is shown to nobody but the group until somebody of it has answered, or has said why it is
// not shown. What a name is worth to readers passes: names under answered questions are kept for a year, questions that are not shown for
// thirty days, addresses of followers for a day until they are confirmed, and then until they stop it or a year after the campaign is over.
//
// The package knows no HTTP, mail or clock. The program writes the letters (cmd/tsukaimichi/internal/telling).
package news
