// Package rehearsal is the practice mode's own pages: who one can be, the mailbox with every letter the program sent, and
// the clock that can be moved. They exist in practice mode alone.
package rehearsal
