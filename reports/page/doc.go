// Package page renders a document as the accessible edition: a fragment of HTML with headings, tables that name their rows
// and columns, and every figure of a drawing in words beside it.
//
// The classes are those of the site's stylesheet; there is no inline style and no script. The fragment stands in a page that
// has Patterns once, before it. The same Bar draws the line of a use anywhere on the site.
package page
