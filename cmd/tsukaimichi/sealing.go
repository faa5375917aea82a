package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// How many seconds a record may wait for company while hundreds are posted, and how many organisations are sealed at a time.
const (
	sealPatience = 4
	sealAbreast  = 2
)

// sealingKinds are the jobs that seal the log and take checkpoints of it to the file store.
func (h *host) sealingKinds() []jobs.Kind {
	sealer := &chain.Sealer{DB: h.db, Patience: sealPatience, Abreast: sealAbreast} // as long as the program
	signs := 10 * time.Minute
	if _, practice := h.sender.(mail.Mailbox); practice {
		signs = time.Minute // who practises looks at once
	}
	return []jobs.Kind{
		{Name: "seal", Every: time.Second, Workers: 1, Work: func(ctx context.Context, _, _ int64) error {
			_, err := sealer.SealAll(ctx)
			return err
		}},
		{Name: "checkpoint", Every: signs, Workers: 1, Timeout: 10 * time.Minute, Work: func(ctx context.Context, _, _ int64) error {
			return h.eachOrganisation(ctx, h.signCheckpoint)
		}},
	}
}

// signCheckpoint signs what is sealed of an organisation and keeps the note with its files, which belong on another machine.
func (h *host) signCheckpoint(ctx context.Context, organisationID int64) error {
	key, err := checkpointKey(h.box)
	if err != nil {
		return err
	}
	_, err = chain.Sign(ctx, h.db, organisationID, chain.Origin(h.Site, organisationID), key, h.clock.Now(),
		func(ctx context.Context, organisationID int64, note []byte) error {
			_, err := h.files.Put(ctx, organisationID, files.KindCheckpoint, note)
			return err
		})
	if errors.Is(err, chain.ErrNoCheckpoint) { // nothing was sealed yet
		return nil
	}
	return err
}

// checkpointKey is derived from the sealing key, so that there is one secret to keep.
func checkpointKey(box *seal.Box) (ed25519.PrivateKey, error) {
	seed, err := box.Derive("checkpoints")
	if err != nil {
		return nil, fmt.Errorf("key of checkpoints: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
