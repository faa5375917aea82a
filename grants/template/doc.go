// Package template holds the forms of applications and reports: 様式.
//
// A Version is a whole form as data: sections, fields with their limits and conditions, the budget's categories and formula, papers to attach, checks
// over the whole, duties that follow an award. It is read from JSON by Parse, which refuses what it does not know. A published version never
// changes (its hash is its name); drafts stay with the version they began with, until Carry takes their answers over to a newer one.
//
// Lint says what is wrong with a form before it is published: a field nobody can ever see, a figure computed from itself, a limit no answer can
// meet, a duty without a due day. Check holds Answers against a form: problems by field, errors apart from warnings and hints, and how ready the
// whole is. Both are pure: who keeps forms and answers is another room.
//
// A form is edited part by part: added, moved, renamed with everything that refers to it. CommonKeys is the bank of questions that many forms ask.
//
// The forms that ship are types (型), own words after many published ones, each with its fiscal year and marks 要確認 where a figure was not read at the
// source. None of them is the form of a certain funder.
package template
