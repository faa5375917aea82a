// Package limit counts tries, so that codes cannot be guessed and forms not be flooded. The counts stand in
// PostgreSQL: all replicas share them and a restart forgets none.
//
// Allow is for what one person tries (a code for one mail address): one statement counts and decides, exactly,
// however many ask at once. Requests is for what one address of the network tries: middleware before a route.
//
// Both look at a sliding span: of the span before, the part that still lies within the last n minutes counts. Keys
// are kept as hashes, for they are addresses of people; Prune removes old counts.
package limit
