package give

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// Record answers GET /g/{org}/{token}/record: where in the log the gift and its receipt stand, with what only their holder may read.
func (p *Pages) Record(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	held, err := p.hold(r.Context(), o.organisation, o.donation, 0)
	if err != nil {
		return err
	}
	held.GiftHref, held.ProofHref = o.path+"/gift", o.path+"/proof.json"
	return p.Renderer.Render(w, http.StatusOK, NewRecordPage(held))
}

// Proof answers GET /g/{org}/{token}/proof.json: the proof of what Record shows, to be checked without us.
func (p *Pages) Proof(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	held, err := p.hold(r.Context(), o.organisation, o.donation, 0)
	if err != nil {
		return err
	}
	return sendProof(w, held)
}

func sendProof(w http.ResponseWriter, held Held) error {
	if held.Proof == nil {
		return ledger.ErrNotFound
	}
	file, err := json.MarshalIndent(held.Proof, "", "  ")
	if err != nil {
		return fmt.Errorf("proof of donation %d: %w", held.Donation.ID, err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="proof-`+held.name()+`.json"`)
	h.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(append(file, '\n')) // an error says that the reader left
	return nil
}

// hold finds the records of a gift, with those of one of its receipts or, for 0, its latest, and proves them as far as they are signed.
func (p *Pages) hold(ctx context.Context, o ledger.Organisation, d campaigns.Donation, receiptID int64) (Held, error) {
	held := Held{Organisation: o, Donation: d, State: HeldNothing}
	tx, err := p.DB.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return held, fmt.Errorf("proof of donation %d: %w", d.ID, err)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	booking, err := campaigns.Booking(ctx, tx, d.OrganisationID, d.ID)
	if errors.Is(err, campaigns.ErrNotFound) {
		return held, nil
	}
	if err != nil {
		return held, err
	}
	subjects := []chain.Subject{{Kind: "transaction", ID: booking}}
	ids, err := campaigns.ReceiptsOfGift(ctx, tx, d.OrganisationID, d.ID)
	if err != nil {
		return held, err
	}
	if receiptID == 0 && len(ids) > 0 {
		receiptID = ids[0]
	}
	if receiptID > 0 {
		receipt, err := campaigns.FindReceipt(ctx, tx, d.OrganisationID, receiptID)
		if err != nil {
			return held, err
		}
		held.Receipt = &receipt
		subjects = append([]chain.Subject{{Kind: ledger.ReceiptRecord, ID: receipt.ID}}, subjects...)
	}
	proof, err := chain.Prove(ctx, tx, d.OrganisationID, p.LogKey, held.mark().Printed(), subjects...)
	switch {
	case errors.Is(err, chain.ErrNotSealed), errors.Is(err, chain.ErrNotCovered):
		held.State = HeldWaiting
		return held, nil
	case errors.Is(err, chain.ErrProof):
		held.State = HeldBroken
		return held, nil
	case err != nil:
		return held, err
	}
	held.State, held.Proof = HeldProven, &proof
	if held.Shown, err = proof.Check(p.LogKey); err != nil {
		return held, err
	}
	accounts, err := ledger.Accounts(ctx, tx, d.OrganisationID)
	held.Accounts = make(map[int64]string, len(accounts))
	for _, a := range accounts {
		held.Accounts[int64(a.Code)] = a.Plain
	}
	return held, err
}
