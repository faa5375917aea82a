// Package forming is where forms of applications and reports are made, under /desk/-/forms.
//
// Forms belong to the installation, as calls do: what one coordinator types in from a call serves every group. So these pages stand above all groups, and whoever
// coordinates a group today, or an operator, makes a form: a new version of one, another from one, or one from nothing. A form in the making is edited part
// by part, each with its own small form and buttons to move it, so that two people in two fields do not undo each other and nothing needs a script. What the
// linter finds stands at its field. The preview is made of the very fields that drafters will see, and of the paper that will be printed.
//
// Conditions, computed figures, checks and the rule for the amount are made of lines to choose in; each knows how to take apart what a form says and shows it so only
// when its lines make the very same again. What they cannot say is JSON, in a fold.
//
// Publishing is for good: the version never changes, drafts stay with theirs, and a later one takes its place for new drafts. A published form is read by every
// group; one that names a group, or a person who represents it, is not published. Taking a version out of use can be undone, and says who did it.
package forming
