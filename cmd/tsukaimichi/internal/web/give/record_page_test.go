package give_test

import (
	"crypto/sha256"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/give"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// sampleRecord is the page of a gift's place in the log.
func sampleRecord(state give.HeldState, closed bool) give.RecordPage {
	root := chain.Hash(sha256.Sum256([]byte("練習")))
	h := give.Held{Organisation: ledger.Organisation{Name: "みどり町ふれあい食堂（練習）", Slug: "midori"}, State: state, GiftHref: "/g/rensyu/gift", ProofHref: "/g/rensyu/proof.json",
		Accounts: map[int64]string{1110: "現金", 4210: "寄付"}}
	if state != give.HeldProven {
		return give.NewRecordPage(h)
	}
	h.Receipt = &campaigns.Receipt{Year: 2026, Number: 12, Payload: campaigns.ReceiptPayload{Log: chain.Mark{Size: 1_180, Root: root}}}
	at := time.Date(2026, 11, 24, 9, 12, 0, 0, ledger.Tokyo)
	h.Shown = chain.Shown{Checkpoint: chain.Checkpoint{Size: 1_204, Root: root}, Printed: &chain.Printed{Size: 1_180, Root: root}, Records: []chain.ShownRecord{
		{Sequence: 1_190, Hash: root, Public: chain.Public{Kind: "receipt", Content: `{"number":"2026-0012","amount":3000}`}, Private: &chain.Private{At: at}},
		{Sequence: 1_102, Hash: root, Public: chain.Public{Kind: "transaction", Posted: "donation", Month: ledger.NewDate(2026, 11, 1)}, Private: &chain.Private{At: at,
			Posted: &chain.PrivatePosting{BookedOn: ledger.NewDate(2026, 11, 24), BelongsOn: ledger.NewDate(2026, 11, 24), Actor: "練習 会計",
				Entries: []chain.PrivateEntry{{Account: 1110, Amount: 3000}, {Account: 4210, Amount: -3000}}}}},
	}}
	if closed {
		h.Shown.Printed, h.Shown.Records[1].Private = nil, nil
	}
	return give.NewRecordPage(h)
}

// paperRecord is the same for who typed number and digits of a paper.
func paperRecord() give.RecordPage {
	p := sampleRecord(give.HeldProven, false)
	p.Paper = []give.Hidden{{Name: "number", Value: "2026-0012"}, {Name: "check", Value: "012345678901"}}
	return p
}
