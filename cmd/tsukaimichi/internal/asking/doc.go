// Package asking asks givers what becomes of their share when a promise changes widely or a campaign is stopped, and does what they answered.
//
// The console publishes a change, which gives every giver his question in the same database transaction, and asks for a job. The job (Turn) writes the
// letters to those with a mail address, decides a change once its last day is over, and has the payment service give back the shares that go back
// that way; what it refuses goes to the treasurer's list. Every step is found undone and done again until it is done: a letter by its key, a
// decision by the change's state, a refund by its reason.
//
// The link in a letter holds a secret made from the key of private links and the question; the database keeps its hash alone.
package asking
