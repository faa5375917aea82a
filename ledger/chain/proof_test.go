package chain_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// prove makes a proof, as a file and back.
func prove(t *testing.T, book ledgertest.Book, printed chain.Printed, subjects ...chain.Subject) (p chain.Proof, err error) {
	t.Helper()
	ledgertest.Must(t, book.DB, func(tx *sqlx.Tx) error {
		p, err = chain.Prove(t.Context(), tx, book.ID, signingKey.Public().(ed25519.PublicKey), printed, subjects...)
		return nil
	})
	if err != nil {
		return p, err
	}
	file, jsonErr := json.Marshal(p)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	p, readErr := chain.ReadProof(file)
	if readErr != nil {
		t.Fatal(readErr)
	}
	return p, nil
}

func transaction(id int64) chain.Subject { return chain.Subject{Kind: "transaction", ID: id} }

// TestProofShowsWhatThePaperPrinted: a paper printed a checkpoint, the log went on, and one file shows both offline.
func TestProofShowsWhatThePaperPrinted(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	var kept away
	post := func() int64 { return book.Post(t, func(x *ledger.Transaction) { x.Memo = "牛乳、2本" }) }
	early := post()
	if _, err := prove(t, book, chain.Printed{}, transaction(early)); !errors.Is(err, chain.ErrNotSealed) {
		t.Errorf("before sealing: got %v", err)
	}
	seal(t, book)
	if _, err := prove(t, book, chain.Printed{}, transaction(early)); !errors.Is(err, chain.ErrNotCovered) {
		t.Errorf("before a checkpoint: got %v", err)
	}
	for range 4 {
		post()
	}
	seal(t, book)
	onPaper := sign(t, book, &kept)
	late := post()
	for range 6 {
		post()
	}
	seal(t, book)
	newest := sign(t, book, &kept)
	p, err := prove(t, book, chain.Printed{Size: onPaper.Size, Root: onPaper.Root}, transaction(late), transaction(early))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := p.Check(signingKey.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	if shown.Checkpoint != newest || shown.Printed == nil || shown.Printed.Size != onPaper.Size {
		t.Errorf("got %+v; want the newest checkpoint and the printed one", shown)
	}
	if got := []int64{shown.Records[0].Sequence, shown.Records[1].Sequence}; got[0] != 6 || got[1] != 1 {
		t.Errorf("sequences %v; want 6 and 1", got)
	}
	if got := shown.Records[0].Private; got == nil || got.SubjectID != late || got.Posted.Memo != "牛乳、2本" || len(got.Posted.Entries) != 2 {
		t.Errorf("private part %+v", got)
	}
	// A printed checkpoint that never was of this log is not proven.
	p, err = prove(t, book, chain.Printed{Size: onPaper.Size, Root: newest.Root}, transaction(late))
	if err != nil || p.Printed != nil {
		t.Errorf("another root: got %+v, %v", p.Printed, err)
	}
}

// TestClosedPrivatePartIsProvenWithoutIt: what was erased still stands in the log, and the file cannot say what it was.
func TestClosedPrivatePartIsProvenWithoutIt(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	id := book.Post(t, func(x *ledger.Transaction) { x.Memo = "練習 花子さんの立て替え" })
	seal(t, book)
	ledgertest.Must(t, book.DB, func(tx *sqlx.Tx) error {
		n, err := chain.Forget(t.Context(), tx, book.ID, ledgertest.At, id)
		if n != 1 {
			t.Errorf("forgot %d; want 1", n)
		}
		return err
	})
	seal(t, book)
	sign(t, book, new(away))
	p, err := prove(t, book, chain.Printed{}, transaction(id))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := p.Check(nil)
	if err != nil || shown.Records[0].Private != nil || shown.Records[0].Public.Kind != "transaction" {
		t.Errorf("got %+v, %v", shown.Records, err)
	}
}

// TestChangedProofIsRefused changes each part of a file that holds.
func TestChangedProofIsRefused(t *testing.T) {
	t.Parallel()
	book := storied(t, pgtest.New(t).App)
	sign(t, book, new(away))
	var id int64
	if err := book.DB.Get(&id, `SELECT min(id) FROM transaction`); err != nil {
		t.Fatal(err)
	}
	p, err := prove(t, book, chain.Printed{}, transaction(id))
	if err != nil {
		t.Fatal(err)
	}
	file, _ := json.Marshal(p)
	for name, change := range map[string]func(*chain.Proof){
		"sequence":   func(p *chain.Proof) { p.Records[0].Sequence++ },
		"public":     func(p *chain.Proof) { p.Records[0].Public[len(p.Records[0].Public)-1] ^= 1 },
		"digest":     func(p *chain.Proof) { p.Records[0].Digest[0] ^= 1 },
		"hash":       func(p *chain.Proof) { p.Records[0].Hash[0] ^= 1 },
		"salt":       func(p *chain.Proof) { p.Records[0].Salt[0] ^= 1 },
		"private":    func(p *chain.Proof) { p.Records[0].Private[12] ^= 1 },
		"path":       func(p *chain.Proof) { p.Records[0].Path[0][0] ^= 1 },
		"checkpoint": func(p *chain.Proof) { p.Checkpoint = strings.Replace(p.Checkpoint, "\n", "\n1", 1) },
		"key":        func(p *chain.Proof) { p.Key = "x" },
		"records":    func(p *chain.Proof) { p.Records = nil },
		"printed":    func(p *chain.Proof) { p.Printed = &chain.Printed{Size: 1} },
	} {
		changed, err := chain.ReadProof(file)
		if err != nil {
			t.Fatal(err)
		}
		change(&changed)
		if _, err = changed.Check(nil); !errors.Is(err, chain.ErrProof) {
			t.Errorf("%s changed: got %v", name, err)
		}
	}
	for _, bad := range []string{"", "[]", `{"format":"another"}`, `{"format":"tsukaimichi-proof/1","records":[{"hash":"00"}]}`} {
		if _, err := chain.ReadProof([]byte(bad)); !errors.Is(err, chain.ErrProof) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

// TestProofIsRecomputedAsDocumented follows the words of Proof with nothing of this package: what anybody would write.
func TestProofIsRecomputedAsDocumented(t *testing.T) {
	t.Parallel()
	book := storied(t, pgtest.New(t).App)
	c := sign(t, book, new(away))
	var id int64
	if err := book.DB.Get(&id, `SELECT min(id) FROM transaction`); err != nil {
		t.Fatal(err)
	}
	p, err := prove(t, book, chain.Printed{}, transaction(id))
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(p)
	var file struct {
		Checkpoint string
		Records    []struct {
			Sequence                            uint64
			Public, Digest, Hash, Salt, Private string
			Path                                []string
		}
	}
	if err = json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	sum := func(parts ...[]byte) []byte {
		h := sha256.New()
		for _, part := range parts {
			h.Write(part)
		}
		return h.Sum(nil)
	}
	unhex := func(s string) []byte { b, _ := hex.DecodeString(s); return b }
	r := file.Records[0]
	digest := sum([]byte("tsukaimichi private part\x00"), unhex(r.Salt), unhex(r.Private))
	root := sum([]byte{0}, sum([]byte("tsukaimichi record\x00"), digest, unhex(r.Public)))
	lines := strings.Split(file.Checkpoint, "\n")
	size, _ := new(big.Int).SetString(lines[1], 10)
	index, last := r.Sequence-1, size.Uint64()-1
	for _, step := range r.Path {
		if index%2 == 1 || index == last {
			root = sum([]byte{1}, unhex(step), root)
			for index%2 == 0 && index > 0 {
				index, last = index/2, last/2
			}
		} else {
			root = sum([]byte{1}, root, unhex(step))
		}
		index, last = index/2, last/2
	}
	if got := base64.StdEncoding.EncodeToString(root); got != lines[2] || lines[0] != c.Origin {
		t.Errorf("recomputed root %s; the checkpoint says %s", got, lines[2])
	}
}

func TestDigitsAreTheEndOfTheRootAsANumber(t *testing.T) {
	t.Parallel()
	var h chain.Hash
	binary.BigEndian.PutUint64(h[24:], 1234567890123456789)
	if got, want := h.Digits(), "0123 4567 8901 2345 6789"; got != want {
		t.Errorf("got %s; want %s", got, want)
	}
	h[0] = 1 // 2^248 more
	want := new(big.Int).Mod(new(big.Int).SetBytes(h[:]), new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil)).String()
	if got := strings.ReplaceAll(h.Digits(), " ", ""); strings.TrimLeft(got, "0") != want || len(got) != 20 {
		t.Errorf("got %s; want %s", got, want)
	}
}
