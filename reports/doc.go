// Package reports turns the book into papers: 使途報告書 above all, and the receipt, the leaflet, and the papers by which givers are asked about a change.
//
// Its way is figures → document → page and PDF. Figures are queries on the book, taken inside one database transaction; nobody
// types a total. What a group writes beside them is Content. Usage makes one document of both, which reports/page and
// reports/pdf print, so that screen and paper say the same. Publishing keeps document, figures and the hashes of the printed bytes for good; a mistake is
// answered by a 訂正版 that names what it corrects.
//
// Three papers of a report are one sheet, whatever was written: large print (OnePage), poster (Poster) and 回覧 (Circular). They come as editions from
// the fullest to the shortest, of which the printer takes the first that fits (brevity); letters keep their size, and the sheet says where the rest is.
// Poster and 回覧 are made on demand from what was published; a campaign's poster (Call) from its plan.
//
// Each paper prints how the log stood when it was made: up to where it was signed, twenty digits, and where to compare them. A withdrawn consent
// (Withdraw) takes content, document and bytes of the editions that hold it away and puts one without it in their place; hashes and the reason stay.
//
// A campaign has as many reports as its carry-overs ask for (Continue). The second and later ones print the whole and, beside it, what came and went since
// the report before: the difference of two states of the log. Each has its own corrections. How far a report reached (Reach) is counted from its
// letters, the openings of its page by day, and what the group typed; nobody is named there.
//
// Figures are told as anybody may read them (tell): what fewer than five givers did stands with what others did, so that papers, pages and the public list
// need not ask. reports/opendata gives plan and actual away.
//
// What was published must stay what it was: Verify holds the rows of plans, uses, receipts, reports, decisions and closings against the log records of
// them, which the seals hold.
//
// The package reads any table and writes its own five.
package reports
