// Package public is what everybody reads: the list of campaigns, a campaign with its promise and what became of it, an organisation,
// reports, how it works, the law page, and what is said when something cannot be shown. What anybody may take away stands here as well: data, the panel that
// another site may frame (the one page that may be), and the picture of an address. The
// page about misuse is one step from every other page.
package public
