// Package chain seals the log of an organisation, so that nobody, not even who runs the machine, can change the past unseen.
//
// Whoever publishes or issues leaves a log record and a row in the queue (unsealed), in the same database transaction; who posts leaves the
// row alone, and a transaction's record is written when it is sealed. The Sealer takes the head of the organisation's log, numbers what it
// finds there without gaps, hashes it, links the hashes to a chain, adds the entries to the roll-up by month, and empties the
// queue: all in one transaction. What commits late gets a later
// number; no clock and no transaction id decides. While much is posted, short queues wait a little for company (Patience): sealing
// many records together costs half as much.
//
// A record has two parts. The public part is what anyone may read: for a transaction the lines of the list that a campaign
// publishes, for everything else the content itself. The private part is every column there is: persons, memos, papers, instants,
// the cash lines. A record's hash is
//
//	H(public part, H(salt, private part))
//
// so that a public line can be checked by anyone and the private part only by who was given the salt. Forget removes the salt; then
// the digest of the private part stays, nobody can try names against it, Verify still checks the rest, and the log holds a record
// of the erasure.
//
// Every so often the root of the tree over all hashes (RFC 6962) is signed and taken away from the machine: a Checkpoint. Who kept
// one finds out when the log was cut or rewritten as a whole, which the chain alone cannot show.
//
// A Proof leads from single records to such a checkpoint. Who holds one checks offline, with nothing but the log's public key, that what
// he was shown stands in the log, and that this log begins with the one a paper printed by its Size and its Digits.
//
// Only this package writes seal, salt, rollup, checkpoint and the head of the log. Instants are arguments; there is no clock here.
package chain
