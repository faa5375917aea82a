package chain

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Private is the private part of a record, opened for who may read it.
type Private struct {
	Record    int64
	Kind      string
	SubjectID int64
	Content   string
	At        time.Time // recorded
	Posted    *PrivatePosting
}

// PrivatePosting is what the book says of a transaction.
type PrivatePosting struct {
	Kind      string
	Source    string
	BookedOn  ledger.Date
	BelongsOn ledger.Date // its true day
	Actor     string      // who posted it
	PostedAt  time.Time
	Reason    string
	Memo      string
	Entries   []PrivateEntry
	Papers    []Hash // of its evidence
}

// PrivateEntry is one line of a transaction.
type PrivateEntry struct {
	Account      int64
	FundID       int64
	UseID        int64 // 0 for none
	Counterparty string
	Amount       ledger.Yen // debit above zero
}

// DecodePrivate reads a private part as it is hashed; ErrEncoding for anything else.
func DecodePrivate(bytes []byte) (Private, error) {
	x, err := decodePrivate(bytes)
	if err != nil {
		return Private{}, err
	}
	p := Private{Record: x.ID, Kind: x.Kind, SubjectID: x.SubjectID, Content: x.Content, At: x.At}
	if x.Posted == nil {
		return p, nil
	}
	t := PrivatePosting{
		Kind: x.Posted.Kind, Source: x.Posted.Source, BookedOn: x.Posted.BookedOn, BelongsOn: x.Posted.BelongsOn, Actor: x.Posted.Actor.Name,
		PostedAt: x.Posted.PostedAt, Reason: x.Posted.Reason, Memo: x.Posted.Memo.String,
	}
	for _, e := range x.Posted.Entries {
		t.Entries = append(t.Entries, PrivateEntry{Account: e.Account, FundID: e.FundID, UseID: e.UseID.Int64, Counterparty: e.Counterparty.String, Amount: e.Amount})
	}
	for _, q := range x.Posted.Papers {
		var h Hash
		copy(h[:], q.FileHash)
		t.Papers = append(t.Papers, h)
	}
	p.Posted = &t
	return p, nil
}
