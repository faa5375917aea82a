package chain

// privatePart marks the encoding of every column of a record.
const privatePart = 2

// encodePrivate lays down every column of the record.
func encodePrivate(x record) []byte {
	w := newWriter(privatePart)
	w.number(x.ID)
	w.text(x.Kind)
	w.number(x.SubjectID)
	w.text(x.Content)
	w.instant(x.At)
	if w.there(x.Posted != nil); x.Posted != nil {
		x.Posted.encode(w)
	}
	return w.bytes
}

func (p *posted) encode(w *writer) {
	w.text(p.Kind)
	w.text(p.Source)
	w.day(p.BookedOn)
	w.day(p.BelongsOn)
	w.number(p.EntryCount)
	w.number(p.Actor.ID)
	w.text(p.Actor.Kind)
	w.number(p.Actor.SubjectID)
	w.text(p.Actor.Name)
	w.instant(p.PostedAt)
	w.maybeNumber(p.Reverses)
	w.text(p.Reason)
	w.maybeNumber(p.DonationID)
	w.maybeNumber(p.RefundID)
	w.maybeText(p.Memo)
	w.number(int64(len(p.Entries)))
	for i := range p.Entries {
		p.Entries[i].encode(w)
	}
	w.number(int64(len(p.Papers)))
	for _, q := range p.Papers {
		w.number(q.ID)
		w.text(q.FileHash)
	}
}

func (e *entry) encode(w *writer) {
	w.number(e.Number)
	w.number(e.Account)
	w.number(e.FundID)
	w.maybeText(e.Segment)
	w.maybeNumber(e.InitiativeID)
	w.maybeNumber(e.UseID)
	w.maybeNumber(e.CounterpartyID)
	w.maybeText(e.Counterparty)
	w.number(int64(e.Amount))
	w.day(e.BookedOn)
}
