// Package fit says whether a call for applications suits a group and its initiative, and why.
//
// A call's conditions are Rules, each with the sentence of the call it comes from. A rule is held against dated Facts about the group and comes to
// one of three answers: できる, 要確認, 対象外. What nobody has said yet is never guessed: it becomes a question, which the group answers once. One
// 対象外 decides; its quote is shown.
//
// Among calls that are open to the group, a Score orders them: what they are for, where, the words of the call against the words of the plan, the
// amount, when the money comes, and how much writing it takes. Every part of a score has its reason in words. Nothing is learned and nothing is
// random: the same call and the same plan always come to the same score.
//
// Portfolio answers the next question: which of the suitable calls may pay for one plan together. Of all sets that the calls' own exclusions allow it
// takes the one that leaves the least to find, without claiming any yen twice. Rules that take other grants off stand in a circle: each pays by what the others
// pay. It is cut by asking for one total at a time: what a level says, shares settle and a flow lays over the lines, sets are searched by. All of it is exact
// to the yen; where rules are so entangled that the search does not come to its end, the portfolio says so.
package fit
