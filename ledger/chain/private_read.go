package chain

import "github.com/tsukaimichi/tsukaimichi/ledger"

// decodePrivate reads what encodePrivate laid down; ErrEncoding for anything else.
func decodePrivate(bytes []byte) (record, error) {
	r := newReader(bytes, privatePart)
	x := record{ID: r.number(), Kind: r.text(), SubjectID: r.number(), Content: r.text(), At: r.instant()}
	if r.there() {
		x.Posted = readPosted(r)
	}
	return x, r.end()
}

func readPosted(r *reader) *posted {
	p := &posted{
		Kind: r.text(), Source: r.text(), BookedOn: r.day(), BelongsOn: r.day(), EntryCount: r.number(),
		Actor:    actor{ID: r.number(), Kind: r.text(), SubjectID: r.number(), Name: r.text()},
		PostedAt: r.instant(), Reverses: r.maybeNumber(), Reason: r.text(), DonationID: r.maybeNumber(), RefundID: r.maybeNumber(),
		Memo: r.maybeText(),
	}
	for range r.count(45) {
		p.Entries = append(p.Entries, entry{
			Number: r.number(), Account: r.number(), FundID: r.number(), Segment: r.maybeText(), InitiativeID: r.maybeNumber(),
			UseID: r.maybeNumber(), CounterpartyID: r.maybeNumber(), Counterparty: r.maybeText(), Amount: ledger.Yen(r.number()), BookedOn: r.day(),
		})
	}
	for range r.count(16) {
		p.Papers = append(p.Papers, paper{ID: r.number(), FileHash: r.text()})
	}
	return p
}
