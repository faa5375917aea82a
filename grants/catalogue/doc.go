// Package catalogue keeps the calls for applications that are known: 助成募集.
//
// An Opportunity is one round of one programme of one funder: 奄美市社協, 地域福祉活動支援, 2026年度. What it says (Call) stands in versions; each names who wrote it,
// why, and which fields changed, and whether and when somebody compared it with its source. What was not compared is 要確認 wherever it is shown.
//
// The catalogue belongs to the installation, not to a group: calls are public, and looking one up once serves everybody. It holds no word about any
// group. What a group thinks of a call is a Dismissal, in rows of its own.
//
// Calls come by hand, from a CSV, or from a saved answer of the Jグランツ interface; nothing here asks the network. Every import is looked at before it is
// done (Preview) and finds again what it brought before. Programmes return each year: CopyForward makes next year's forecast of this year's call.
package catalogue
