// Package application keeps drafts of applications from the first word to what came of them: 申請.
//
// A draft hangs on one published version of a form and stays with it. It saves itself while people write; Save takes the revision they started from, and
// when two edited at once it merges field by field: only a field that both changed is a conflict, and then both texts come back, nothing is lost.
//
// The content has a hash. Signing off binds a person in a role (会計, then 代表, then 監事) to that hash; whoever edits afterwards makes another, and the
// sign-offs count no more. Handing in takes the signed content alone and freezes it with the files as they were sent.
//
// A budget follows the rule of the call when the call has its own: the newest while somebody writes, the one in the content from the day it is given to be signed.
//
// A FormDraft is a form in the making, of the installation as forms are; it is published once, for good, and only when it names no group.
//
// A draft is in somebody's hand and a task somebody's; HandOver passes both on. Stand says how a draft stands against its deadline, by what is still to be done.
//
// A coordinator writes drafts for many groups and signs none: rights are asked where routes are, and here again by role.
//
// A draft stays with the version of its form until somebody who has seen what would change takes it over to a newer one: answers go along by common key, else by the
// key of their field; what finds no place is read again, for good, from the version that was kept before. What was handed in never moves; the database refuses it.
package application
