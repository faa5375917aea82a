package chain

import "github.com/tsukaimichi/tsukaimichi/ledger"

// publicPart marks the encoding of what anyone may read of a record.
const publicPart = 1

// Public is what anyone may read of a record. Of a transaction these are its lines in the list that a campaign publishes; of
// anything else its content.
type Public struct {
	Record    int64 // its number in the list
	Kind      string
	SubjectID int64  // 0 for a transaction, whose id says nothing to the public
	Content   string // empty for a transaction
	Posted    string // the transaction's kind, else empty
	Month     ledger.Date
	Lines     []Line
}

// Line is one line of the public list. Where yen lie, and single gifts, do not stand there.
type Line struct {
	Account int64
	FundID  int64
	UseID   int64 // 0 for none
	Amount  ledger.Yen
}

// public leaves out of a record what is not for everybody.
func (x *record) public() Public {
	p := Public{Record: x.ID, Kind: x.Kind}
	if x.Posted == nil {
		p.SubjectID, p.Content = x.SubjectID, x.Content
		return p
	}
	p.Posted, p.Month = x.Posted.Kind, monthOf(x.Posted.BookedOn)
	for i := range x.Posted.Entries {
		e := &x.Posted.Entries[i]
		if e.Account < firstPublicAccount || e.Account == ledger.Gifts || e.Account == giftsReturned {
			continue
		}
		p.Lines = append(p.Lines, Line{Account: e.Account, FundID: e.FundID, UseID: e.UseID.Int64, Amount: e.Amount})
	}
	return p
}

// Accounts below the first are places and debts. Gifts stand in the list by the month, several together, so that nobody's amount
// can be read from it.
const (
	firstPublicAccount = 3000
	giftsReturned      = 4219
)

func monthOf(d ledger.Date) ledger.Date { return d.AddDays(1 - d.Day()) }

// Encode lays the part down as it is hashed.
func (p Public) Encode() []byte {
	w := newWriter(publicPart)
	w.number(p.Record)
	w.text(p.Kind)
	w.number(p.SubjectID)
	w.text(p.Content)
	w.text(p.Posted)
	w.day(p.Month)
	w.number(int64(len(p.Lines)))
	for _, l := range p.Lines {
		w.number(l.Account)
		w.number(l.FundID)
		w.number(l.UseID)
		w.number(int64(l.Amount))
	}
	return w.bytes
}

// DecodePublic reads what Encode laid down; ErrEncoding for anything else.
func DecodePublic(bytes []byte) (Public, error) {
	r := newReader(bytes, publicPart)
	p := Public{Record: r.number(), Kind: r.text(), SubjectID: r.number(), Content: r.text(), Posted: r.text(), Month: r.day()}
	for range r.count(32) {
		p.Lines = append(p.Lines, Line{Account: r.number(), FundID: r.number(), UseID: r.number(), Amount: ledger.Yen(r.number())})
	}
	return p, r.end()
}
