// Package mail writes letters into an outbox and sends them from there.
//
// Enqueue belongs to the change that is the letter's reason: it runs in that transaction, so no letter leaves for a
// donation that was rolled back and none is lost for one that was committed. The key names the reason, and the same
// reason writes one letter however often it is repeated.
//
// Deliver sends what is due, one letter at a time, from any number of replicas: a guarded update claims a letter
// for some minutes, the letter goes out, a second update says how it ended. Who dies in between leaves a letter
// that is sent again after those minutes with the same Message-ID, which mail programs show once. What does not go
// is tried again for three days and then given up; what an address refuses for good is given up at once.
//
// A Sender is SMTP in production and the Mailbox in practice, whose letters people read on a page.
//
// Letters are personal. Each has a day after which it is neither sent nor kept; Erase empties it then, EraseRecipient and EraseLetters
// on request, and the row stays so that its key still counts. Problems are kept as a step and a code, without the
// server's words, which repeat addresses.
package mail
