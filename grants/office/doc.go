// Package office fills a funder's own form: the .xlsx or .docx that has to come back with its looks, its formulas and its wording untouched.
//
// Read looks at an uploaded file before anything else does: no macros, no links to other files, no archive that unpacks to more than a form can be.
// A form is then mapped once: each field of a draft to a cell (Sheet1!B3) or to a placeholder ({{project.name}}). Fill writes the answers into a copy;
// what is not mapped stays as the funder made it. Fits says before printing whether an answer overflows the cell it goes into.
//
// Grid and Paragraphs show a form as a person reads it who maps it.
//
// Placeholders are found in the text of a paragraph as people see it: Word likes to split {{name}} into several runs, and so do people who edit it.
package office
