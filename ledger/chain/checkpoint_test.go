package chain_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var signingKey = ed25519.NewKeyFromSeed([]byte("a key of tests, thirty-two bytes"))

// away keeps notes outside the database.
type away []string

func (a *away) keep(_ context.Context, _ int64, note []byte) error {
	*a = append(*a, string(note))
	return nil
}

func sign(t *testing.T, book ledgertest.Book, kept *away) chain.Checkpoint {
	t.Helper()
	c, err := chain.Sign(t.Context(), book.DB, book.ID, chain.Origin("https://tsukaimichi.example", book.ID), signingKey, ledgertest.At, kept.keep)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCheckpointGrowsWithTheLog(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	var kept away
	_, err := chain.Sign(t.Context(), book.DB, book.ID, "x", signingKey, ledgertest.At, kept.keep)
	if !errors.Is(err, chain.ErrNoCheckpoint) {
		t.Errorf("empty log: got %v", err)
	}
	for i := range 9 {
		book.Post(t)
		seal(t, book)
		c := sign(t, book, &kept)
		f := sound(t, book)
		if c.Size != int64(i+1) || c.Root != f.Root {
			t.Errorf("checkpoint %d, %s; the log is %d, %s", c.Size, c.Root, f.Records, f.Root)
		}
		read, err := chain.ParseCheckpoint(kept[len(kept)-1], signingKey.Public().(ed25519.PublicKey))
		if err != nil || read != c {
			t.Errorf("got %+v, %v; want %+v", read, err, c)
		}
		if last, err := chain.LatestCheckpoint(t.Context(), book.DB, book.ID); err != nil || last != c {
			t.Errorf("latest %+v, %v; want %+v", last, err, c)
		}
	}
	if sign(t, book, &kept); len(kept) != 9 {
		t.Errorf("kept %d notes; nothing was new", len(kept))
	}
}

func TestDrawnCheckpointIsWhatSigningWouldKeep(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	origin := chain.Origin("https://tsukaimichi.example", book.ID)
	if _, err := chain.Draw(t.Context(), book.DB, book.ID, origin, signingKey); !errors.Is(err, chain.ErrNoCheckpoint) {
		t.Errorf("empty log: got %v", err)
	}
	for range 3 {
		book.Post(t)
		seal(t, book)
		drawn, err := chain.Draw(t.Context(), book.DB, book.ID, origin, signingKey)
		if err != nil {
			t.Fatal(err)
		}
		var kept away
		if signed := sign(t, book, &kept); drawn != signed || len(kept) != 1 {
			t.Errorf("drawn %+v; signed %+v, %d kept", drawn, signed, len(kept))
		}
		if again, err := chain.Draw(t.Context(), book.DB, book.ID, "another.example/log/1", signingKey); err != nil || again != drawn {
			t.Errorf("with nothing new and another origin: %+v, %v", again, err)
		}
	}
}

// TestCheckpointFindsAWholeRewriting: whoever changes rows, seals, chain, head, roll-up and the kept checkpoints together is found by who took one
// away.
func TestCheckpointFindsAWholeRewriting(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := storied(t, db.App)
	var kept away
	c := sign(t, book, &kept)
	unguard(t, db.Super)
	cut := []string{
		`DELETE FROM checkpoint`,
		`DELETE FROM entry WHERE transaction_id IN (SELECT r.subject_id FROM log_record r JOIN seal s ON s.record_id = r.id WHERE s.sequence > 6 AND r.kind = 'transaction')`,
		`DELETE FROM transaction WHERE id IN (SELECT r.subject_id FROM log_record r JOIN seal s ON s.record_id = r.id WHERE s.sequence > 6 AND r.kind = 'transaction')`,
		`DELETE FROM log_record WHERE id IN (SELECT record_id FROM seal WHERE sequence > 6)`,
		`DELETE FROM salt WHERE record_id IN (SELECT record_id FROM seal WHERE sequence > 6)`,
		`DELETE FROM seal WHERE sequence > 6`,
		`UPDATE log_heads SET sequence = 6, hash = (SELECT chain FROM seal WHERE sequence = 6)`,
		`DELETE FROM rollup`,
		`INSERT INTO rollup (organisation_id, fund_id, account, use_id, initiative_id, segment, month, amount, entries)
		 SELECT organisation_id, fund_id, account, coalesce(use_id, 0), coalesce(initiative_id, 0), coalesce(segment, ''),
		        date_trunc('month', booked_on), sum(amount), count(*)
		   FROM entry GROUP BY 1, 2, 3, 4, 5, 6, 7`,
	}
	if f := inSecret(t, db.Super, book, chain.Examination{}, cut...); len(f.Faults) > 0 {
		t.Errorf("the tail is cut without a trace in the database; got %v", f.Faults)
	}
	f := inSecret(t, db.Super, book, chain.Examination{Checkpoints: []chain.Checkpoint{c}}, cut...)
	if len(f.Faults) != 1 || f.Faults[0].Sequence != 7 {
		t.Errorf("got %v; want sequence 7", f.Faults)
	}
	// Another log of the same length.
	c.Root[0] ^= 1
	f = inSecret(t, db.Super, book, chain.Examination{Checkpoints: []chain.Checkpoint{c}})
	if len(f.Faults) != 1 || f.Faults[0].Sequence != c.Size {
		t.Errorf("got %v; want sequence %d", f.Faults, c.Size)
	}
}

func TestNoteOfAnotherKeyOrTextIsRefused(t *testing.T) {
	t.Parallel()
	book := storied(t, pgtest.New(t).App)
	var kept away
	c := sign(t, book, &kept)
	public := signingKey.Public().(ed25519.PublicKey)
	other := ed25519.NewKeyFromSeed([]byte("another key of tests, 32 bytes !")).Public().(ed25519.PublicKey)
	if _, err := chain.ParseCheckpoint(c.Note, other); !errors.Is(err, chain.ErrNote) {
		t.Errorf("another key: got %v", err)
	}
	for i := range c.Note {
		changed := c.Note[:i] + string(c.Note[i]^1) + c.Note[i+1:]
		if read, err := chain.ParseCheckpoint(changed, public); err == nil && (read.Size != c.Size || read.Root != c.Root || read.Origin != c.Origin) {
			t.Errorf("byte %d changed: accepted as %+v", i, read)
		}
	}
	for _, bad := range []string{"", "\n\n", "a\n1\n", "a\nb\nc\n\n", strings.Replace(c.Note, "\n9\n", "\n09\n", 1), strings.Replace(c.Note, "\n9\n", "\n-9\n", 1)} {
		if _, err := chain.ParseCheckpoint(bad, public); !errors.Is(err, chain.ErrNote) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
	key, err := chain.ParseVerifierKey(chain.VerifierKey(c.Origin, public))
	if err != nil || !key.Equal(public) {
		t.Errorf("verifier key: %v", err)
	}
	if _, err = chain.ParseVerifierKey("a+00000000+AAAA"); !errors.Is(err, chain.ErrNote) {
		t.Errorf("got %v", err)
	}
}

func FuzzCheckpoint(f *testing.F) {
	f.Add("a/log/1\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— a/log/1 AAAA\n")
	public := signingKey.Public().(ed25519.PublicKey)
	f.Fuzz(func(t *testing.T, note string) {
		if _, err := chain.ParseCheckpoint(note, public); !errors.Is(err, chain.ErrNote) {
			t.Errorf("%q: got %v; nobody signed it", note, err)
		}
	})
}
