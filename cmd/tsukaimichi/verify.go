package main

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/archive"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// verifyLong says what verify finds, and what it cannot.
const verifyLong = `Recompute what can be recomputed and name the first thing that does not fit: both parts of every record, the chain and the tree, roll-ups, ` +
	`transactions, closed days, gifts and refunds, what may be posted to, and everything published or issued (promises, uses, receipts, reports, decisions). ` +
	`With --papers, also the files. Not in the log, and not found: names of funds, accounts and members, who gave a gift, the days on which a fund collects, and the private part of a ` +
	`record that was closed by an erasure. Who owns the database can write a whole new log: only a --checkpoint kept elsewhere shows that.`

// verifyCommand checks the book and its log against themselves, and against checkpoints that were kept elsewhere.
type verifyCommand struct {
	Checkpoints []string `long:"checkpoint" value-name:"FILE" description:"a checkpoint kept elsewhere: the log must still begin with what it was signed for. May be given several times"`
	Proof       string   `long:"proof" value-name:"FILE" description:"the proof of single records that the holder of a receipt downloaded: checked by itself, without a database"`
	Papers      bool     `long:"papers" description:"read every receipt, report, photo of a receipt and scan that the book names in --files, too, and compare it with its SHA-256"`
	Key         string   `long:"key" description:"verifier key (name+id+key) a checkpoint or proof was signed with; without it the one that belongs to --seal-key"`
}

func (c *verifyCommand) run(ctx context.Context, p *program, _ []string) error {
	if c.Proof != "" {
		return c.proof(p)
	}
	return p.withBook(ctx, func(db *sqlx.DB) error {
		checkpoints, err := c.read(p)
		if err != nil {
			return err
		}
		all, err := ledger.Organisations(ctx, db)
		if err != nil {
			return err
		}
		wrong := 0
		for _, o := range all {
			origin := chain.Origin(p.Site, o.ID)
			n, err := verifyOne(ctx, p, db, o, checkpoints[origin])
			if err != nil {
				return err
			}
			wrong += n
			delete(checkpoints, origin)
		}
		broken, err := ledger.BrokenRules(ctx, db)
		if err != nil {
			return err
		}
		for _, f := range broken {
			fmt.Fprintf(p.out, "  %s\n", f)
		}
		wrong += len(broken)
		if c.Papers {
			n, err := verifyPapers(ctx, p, db)
			if err != nil {
				return err
			}
			wrong += n
		}
		for origin := range checkpoints {
			return fmt.Errorf("no organisation at this --site has the log %s", origin)
		}
		if wrong > 0 {
			return fmt.Errorf("%d faults found", wrong)
		}
		return nil
	})
}

// read opens the checkpoints, by the log they are of, and refuses those that were not signed.
func (c *verifyCommand) read(p *program) (map[string][]chain.Checkpoint, error) {
	if len(c.Checkpoints) == 0 {
		return nil, nil
	}
	key, err := c.key(p)
	if err != nil {
		return nil, err
	}
	read := map[string][]chain.Checkpoint{}
	for _, name := range c.Checkpoints {
		note, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("--checkpoint: %w", err)
		}
		checkpoint, err := chain.ParseCheckpoint(string(note), key)
		if err != nil {
			return nil, fmt.Errorf("--checkpoint %s: %w", name, err)
		}
		read[checkpoint.Origin] = append(read[checkpoint.Origin], checkpoint)
	}
	return read, nil
}

func (c *verifyCommand) key(p *program) (ed25519.PublicKey, error) {
	if c.Key != "" {
		key, err := chain.ParseVerifierKey(c.Key)
		if err != nil {
			return nil, fmt.Errorf("--key: %w", err)
		}
		return key, nil
	}
	box, err := c.box(p)
	if err != nil {
		return nil, err
	}
	key, err := checkpointKey(box)
	if err != nil {
		return nil, err
	}
	return key.Public().(ed25519.PublicKey), nil
}

// box opens the sealing key that is given, or that of the practice folder.
func (c *verifyCommand) box(p *program) (*seal.Box, error) {
	if p.SealKey == "" && p.Database.URL == "" && p.DataDir != "" {
		key, err := seal.KeyFile(filepath.Join(p.DataDir, "seal.key"))
		if err != nil {
			return nil, err
		}
		return seal.New(key)
	}
	if p.SealKey == "" {
		return nil, fmt.Errorf("%w: --checkpoint needs --key or --seal-key", errSettings)
	}
	return openBox(p.SealKey)
}

// verifyPapers reads what the book names in the file store and returns how many papers are gone or are not what they were.
func verifyPapers(ctx context.Context, p *program, db *sqlx.DB) (int, error) {
	if p.Files == "" {
		return 0, fmt.Errorf("%w: --papers needs --files", errSettings)
	}
	store, err := files.OpenURL(ctx, p.Files)
	if err != nil {
		return 0, err
	}
	defer store.Close() // it only read
	tx, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return 0, fmt.Errorf("verify: %w", err)
	}
	defer tx.Rollback() // it only read
	papers, err := archive.Papers(ctx, tx)
	if err != nil {
		return 0, err
	}
	wrong := 0
	for _, at := range papers {
		_, err := store.Read(ctx, at.OrganisationID, at.Kind, at.Hash)
		switch {
		case errors.Is(err, files.ErrNotFound), errors.Is(err, files.ErrDamaged):
			wrong++
			fmt.Fprintf(p.out, "  organisation %d, %s %s: %s\n", at.OrganisationID, at.Kind, at.Hash, err)
		case err != nil:
			return wrong, err
		}
	}
	fmt.Fprintf(p.out, "papers: %d read, %d faults\n", len(papers), wrong)
	return wrong, nil
}

// verifyOne looks at one organisation from one snapshot, so that nobody has to stop working, and returns how many faults it found.
func verifyOne(ctx context.Context, p *program, db *sqlx.DB, o ledger.Organisation, checkpoints []chain.Checkpoint) (int, error) {
	tx, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return 0, fmt.Errorf("verify: %w", err)
	}
	defer tx.Rollback() // it only read
	log, err := chain.Verify(ctx, tx, o.ID, chain.Examination{Checkpoints: checkpoints, Progress: progress(p, o.Slug)})
	if err != nil {
		return 0, err
	}
	faults, checked, err := ledger.Verify(ctx, tx, o.ID)
	if err != nil {
		return 0, err
	}
	published, public, err := reports.Verify(ctx, tx, o.ID)
	if err != nil {
		return 0, err
	}
	faults = append(faults, published...)
	wrong := len(log.Faults) + len(faults)
	fmt.Fprintf(p.out, "%s: %d transactions checked, %d faults; log of %d records, fingerprint %s, %d waiting, %d with a closed private part, %d published or issued, %d checkpoints\n",
		o.Slug, checked, wrong, log.Records, log.Root.Digits(), log.Unsealed, log.Closed, public, len(checkpoints))
	for _, f := range log.Faults {
		fmt.Fprintf(p.out, "  %s\n", f)
	}
	for _, f := range faults {
		fmt.Fprintf(p.out, "  %s\n", f)
	}
	return wrong, nil
}

// progress tells of long logs every tenth that is done.
func progress(p *program, slug string) func(done, all int64) {
	told := int64(0)
	return func(done, all int64) {
		if tenth := done * 10 / max(all, 1); all > 50_000 && tenth > told {
			told = tenth
			fmt.Fprintf(p.out, "%s: %d of %d records\n", slug, done, all)
		}
	}
}
