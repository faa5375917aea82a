package main

import (
	"crypto/ed25519"
	"fmt"
	"os"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// proof checks the file that the holder of a receipt downloads, with neither database nor network. Without --key it believes the key in
// the file, and says so.
func (c *verifyCommand) proof(p *program) error {
	text, err := os.ReadFile(c.Proof)
	if err != nil {
		return fmt.Errorf("--proof: %w", err)
	}
	read, err := chain.ReadProof(text)
	if err != nil {
		return fmt.Errorf("--proof %s: %w", c.Proof, err)
	}
	var key ed25519.PublicKey
	if c.Key != "" || p.SealKey != "" {
		if key, err = c.key(p); err != nil {
			return err
		}
	}
	shown, err := read.Check(key)
	if err != nil {
		return fmt.Errorf("--proof %s: %w", c.Proof, err)
	}
	fmt.Fprintf(p.out, "log %s: signed for %d records, fingerprint %s\n", shown.Checkpoint.Origin, shown.Checkpoint.Size, shown.Checkpoint.Fingerprint())
	if key == nil {
		fmt.Fprintf(p.out, "key %s, as the file says; compare it with the log's page, or give it by --key\n", read.Key)
	}
	if shown.Printed != nil {
		fmt.Fprintf(p.out, "it begins with the %d records, fingerprint %s, that the paper printed\n", shown.Printed.Size, shown.Printed.Root.Digits())
	}
	for _, r := range shown.Records {
		tellRecord(p, r)
	}
	return nil
}

// tellRecord says what is proven of one record.
func tellRecord(p *program, r chain.ShownRecord) {
	say := func(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }
	say("sequence %d is in the log: %s, hash %s", r.Sequence, r.Public.Kind, r.Hash)
	if r.Public.Content != "" {
		say("  public: %s", r.Public.Content)
	}
	if r.Public.Posted != "" {
		say("  public: %s in %s, %d lines", r.Public.Posted, r.Public.Month.String()[:7], len(r.Public.Lines))
	}
	if r.Private == nil {
		say("  private: not opened")
		return
	}
	say("  private: recorded %s", r.Private.At.In(ledger.Tokyo).Format("2006-01-02 15:04:05"))
	if t := r.Private.Posted; t != nil {
		say("  private: %s of %s, booked %s by %s", t.Kind, t.BelongsOn, t.BookedOn, t.Actor)
		for _, e := range t.Entries {
			say("  private: account %d, fund %d, %s", e.Account, e.FundID, e.Amount)
		}
	}
}
