package erasing_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/erasing"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/papers"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// planted are the words that stand nowhere else: of one giver, in every column that can hold something of him.
var planted = campaigns.Donor{Name: "消去花子", Kana: "ショウキョハナコ", Mail: "shokyo-hanako@renshu.example", PostalCode: "999-8888", Address: "消去県消去市1-2-3", Phone: "090-9999-0001"}

var marks = []string{planted.Name, planted.Kana, planted.Mail, planted.Address, planted.Phone, planted.PostalCode}

// house is a group with a giver of whom something stands everywhere.
type house struct {
	*campaigntest.Group
	eraser   *erasing.Eraser
	press    *papers.Press
	dir      string
	campaign campaigns.Campaign
	gifts    [2]campaigns.Donation
	receipt  campaigns.Receipt
}

var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{3}, ed25519.SeedSize))

func newHouse(t *testing.T, change ...func(*ledger.Organisation)) *house {
	t.Helper()
	h := &house{Group: campaigntest.Found(t, pgtest.New(t).App, change...), dir: t.TempDir()}
	store, err := files.OpenDirectory(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	now := func() time.Time { return h.At }
	h.eraser = &erasing.Eraser{DB: h.DB, Files: store, Now: now}
	h.press = &papers.Press{DB: h.DB, Files: store, Now: now, Site: "https://tsukaimichi.example"}
	h.campaign = h.Announce()
	seen := func(g *campaigns.Gift) {
		g.Donor, g.Display, g.Message, g.ReceiptWanted = planted, campaigns.FullName, planted.Name+"より", "mail"
	}
	h.gifts[0], _ = h.Pay(h.campaign, 3000, 108, seen)
	h.gifts[1] = h.Enter(h.campaign, 5000, seen, func(g *campaigns.Gift) { g.ToldBy = planted.Name + "、電話で" })
	for range 6 {
		h.Enter(h.campaign, 1000)
	}
	h.receipt = h.issue(h.gifts[1].ID)
	h.plant()
	h.seal()
	return h
}

// issue issues a receipt, prints it and writes the letter with it.
func (h *house) issue(gift int64) (r campaigns.Receipt) {
	h.T.Helper()
	h.In(func(tx *sqlx.Tx) (err error) {
		r, err = campaigns.Issue(h.T.Context(), tx, h.ID, gift, h.Treasurer, h.At)
		return err
	})
	if err := h.press.Receipt(h.T.Context(), h.ID, r.ID); err != nil {
		h.T.Fatal(err)
	}
	return r
}

// plant writes what other parts of the program leave of a giver.
func (h *house) plant() {
	h.T.Helper()
	h.In(func(tx *sqlx.Tx) error {
		for _, gift := range h.gifts {
			err := mail.Enqueue(h.T.Context(), tx, mail.Message{OrganisationID: h.ID, Kind: "donation-thanks", Key: fmt.Sprintf("donation:%d:thanks", gift.ID), To: planted.Mail,
				SenderName: "練習", Subject: "ご寄付が届きました", Text: planted.Name + " 様"}, h.At)
			if err != nil {
				return err
			}
		}
		for _, statement := range []string{
			fmt.Sprintf(`INSERT INTO memo (organisation_id, transaction_id, text)
				SELECT organisation_id, id, '%s' FROM transaction WHERE organisation_id = %d AND donation_id = %d`, planted.Name, h.ID, h.gifts[1].ID),
			fmt.Sprintf(`INSERT INTO stripe_event (organisation_id, id, type, object_id, api_version, payload, received_at)
				VALUES (%d, 'evt_1', 'charge.succeeded', '%s', '2026', '{"billing_details":{"name":"%s","email":"%s"},"charge":"%[2]s"}', now())`,
				h.ID, h.Gift(h.gifts[0].ID).ChargeRef, planted.Name, planted.Mail),
			fmt.Sprintf(`UPDATE checkout SET url = 'https://pay.example/%s', voucher_url = 'https://pay.example/%s' WHERE donation_id = %d`, planted.Mail, planted.Name, h.gifts[0].ID),
		} {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// seal seals the log and checks it whole.
func (h *house) seal() chain.Finding {
	h.T.Helper()
	sealer := &chain.Sealer{DB: h.DB}
	if _, err := sealer.Seal(h.T.Context(), h.ID); err != nil {
		h.T.Fatal(err)
	}
	keep := func(context.Context, int64, []byte) error { return nil }
	if _, err := chain.Sign(h.T.Context(), h.DB, h.ID, chain.Origin("https://tsukaimichi.example", h.ID), key, h.At, keep); err != nil {
		h.T.Fatal(err)
	}
	tx, err := h.DB.BeginTxx(h.T.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		h.T.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	f, err := chain.Verify(h.T.Context(), tx, h.ID, chain.Examination{})
	if err != nil || len(f.Faults) > 0 {
		h.T.Fatalf("verify: %v, %v", f.Faults, err)
	}
	faults, _, err := ledger.Verify(h.T.Context(), tx, h.ID)
	if err != nil || len(faults) > 0 {
		h.T.Fatalf("verify: %v, %v", faults, err)
	}
	return f
}

// found returns where one of the marks stands: a table, or a file.
func (h *house) found() []string {
	h.T.Helper()
	var tables, places []string
	err := h.DB.Select(&tables, `SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
		WHERE table_schema IN ('public', 'practice') AND table_type = 'BASE TABLE' ORDER BY 1`)
	if err != nil || len(tables) < 40 {
		h.T.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, mark := range marks {
		for _, table := range tables {
			var there bool
			query := `SELECT EXISTS (SELECT FROM ` + table + ` AS x WHERE position($1 IN x::text) > 0 OR position($2 IN x::text) > 0)`
			if err = h.DB.Get(&there, query, mark, hex.EncodeToString([]byte(mark))); err != nil {
				continue // not for the program's own role
			}
			if there {
				places = append(places, table+": "+mark)
			}
		}
	}
	return places
}

// papersKept counts the receipts in the store.
func (h *house) papersKept() int {
	h.T.Helper()
	n := 0
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(path, "/receipt/") && !strings.HasSuffix(path, ".attrs") {
			n++
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		h.T.Fatal(err)
	}
	return n
}

func (h *house) figures() reports.Figures {
	h.T.Helper()
	f, err := reports.FindFigures(h.T.Context(), h.DB, h.Campaign(h.campaign.ID), h.Today())
	if err != nil {
		h.T.Fatal(err)
	}
	f.Records, f.Log = 0, chain.Mark{}
	return f
}

func (h *house) erase() ledger.Date {
	h.T.Helper()
	kept, err := h.eraser.Donor(h.T.Context(), h.ID, h.gifts[0].DonorID, h.Head)
	if err == nil {
		err = h.eraser.Sweep(h.T.Context(), h.ID)
	}
	if err != nil {
		h.T.Fatal(err)
	}
	return kept
}

// TestErasedGiverStandsNowhere plants one giver's words everywhere and searches every table and the files afterwards: they are gone, while
// verify is green, the public list is the same to the yen, and the receipts' numbers go on.
func TestErasedGiverStandsNowhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if places := h.found(); len(places) < 8 {
		t.Fatalf("planted in %v alone", places)
	}
	if h.papersKept() != 1 {
		t.Fatalf("%d papers in the store", h.papersKept())
	}
	before := h.figures()
	names, _, err := campaigns.PublicNames(t.Context(), h.DB, h.ID, h.campaign.ID)
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	if kept := h.erase(); !kept.IsZero() {
		t.Errorf("kept until %s; nothing has to be kept", kept)
	}
	if places := h.found(); len(places) > 0 {
		t.Errorf("still there: %v", places)
	}
	if n := h.papersKept(); n != 0 {
		t.Errorf("%d papers still in the store", n)
	}
	if f := h.seal(); f.Closed != 2 {
		t.Errorf("%d private parts were closed; the giver had two transactions", f.Closed)
	}
	if after := h.figures(); !reflect.DeepEqual(after, before) {
		t.Errorf("figures changed from %+v to %+v", before, after)
	}
	if names, _, err = campaigns.PublicNames(t.Context(), h.DB, h.ID, h.campaign.ID); err != nil || len(names) != 0 {
		t.Errorf("the public still sees %v, %v", names, err)
	}
	old, err := campaigns.FindReceipt(t.Context(), h.DB, h.ID, h.receipt.ID)
	if err != nil || !old.Erased || old.FileHash != nil || old.Payload.Amount != 5000 || old.Label() != h.receipt.Label() || old.Payload.ReceivedOn != h.Today() {
		t.Errorf("the receipt is %+v, %v; number, amount and day stay", old, err)
	}
	if next := h.issue(h.Enter(h.campaign, 1000).ID); next.Number != h.receipt.Number+1 {
		t.Errorf("the next receipt is %d after %d", next.Number, h.receipt.Number)
	}
	// Again, as after a crash: nothing more happens.
	h.erase()
	h.seal()
}

// TestReceiptForTaxReliefStaysItsTime: a 認定NPO法人 keeps name, address and paper of its receipts for seven years after the accounts are due; the
// night after, they go.
func TestReceiptForTaxReliefStaysItsTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *ledger.Organisation) {
		o.Kind, o.CertifiedNumber, o.CertifiedFrom, o.CertifiedUntil = "npo", "練市第1号", ledger.NewDate(2025, 4, 1), ledger.NewDate(2030, 3, 31)
	})
	if kept, want := h.erase(), ledger.NewDate(2034, 5, 31); kept != want {
		t.Errorf("kept until %s; want %s, seven years from the end of May after the fiscal year", kept, want)
	}
	kept, err := campaigns.FindReceipt(t.Context(), h.DB, h.ID, h.receipt.ID)
	if err != nil || kept.Payload.DonorName != planted.Name || kept.FileHash == nil || h.papersKept() != 1 {
		t.Errorf("the receipt for tax relief is %+v, %v, %d papers", kept, err, h.papersKept())
	}
	for _, place := range h.found() {
		if !strings.HasPrefix(place, "public.receipt_person") {
			t.Errorf("kept without need: %s", place)
		}
	}
	night := func() {
		t.Helper()
		if err = h.eraser.Due(t.Context(), h.ID); err == nil {
			err = h.eraser.Sweep(t.Context(), h.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	h.At = time.Date(2034, 5, 31, 3, 0, 0, 0, ledger.Tokyo)
	if night(); len(h.found()) == 0 {
		t.Error("erased on the last day of its time")
	}
	h.At = h.At.AddDate(0, 0, 1)
	if night(); len(h.found()) > 0 || h.papersKept() != 0 {
		t.Errorf("after its time: %v, %d papers", h.found(), h.papersKept())
	}
	h.seal()
}

// TestBooksForgetPeopleAfterTheirTime: payees, memos and papers of the books go by themselves after seven years, and verify stays green.
func TestBooksForgetPeopleAfterTheirTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	expense := h.Spend(h.Uses(h.campaign)[0], 2_000, func(e *ledger.Expense) { e.Payee = planted.Name })
	file, err := h.eraser.Files.Put(t.Context(), h.ID, files.KindEvidence, []byte("%PDF-1.4 レシート"))
	if err != nil {
		t.Fatal(err)
	}
	h.In(func(tx *sqlx.Tx) error {
		_, err := ledger.AddEvidence(t.Context(), tx, ledger.Evidence{OrganisationID: h.ID, ExpenseID: expense, FileHash: file.Hash[:], Type: "application/pdf", Size: file.Size}, h.Treasurer, h.At)
		return err
	})
	h.seal()
	h.At = time.Date(2034, 6, 1, 3, 0, 0, 0, ledger.Tokyo)
	if err = h.eraser.Due(t.Context(), h.ID); err == nil {
		err = h.eraser.Sweep(t.Context(), h.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if places := h.found(); len(places) > 0 {
		t.Errorf("after its time: %v", places)
	}
	if _, err = h.eraser.Files.Read(t.Context(), h.ID, files.KindEvidence, file.Hash); err == nil {
		t.Error("the paper is still in the store")
	}
	h.seal()
}

// TestSharedAddressKeepsTheOthersLetters: of two givers with one mail address, the one who stays still gets what waits for him.
func TestSharedAddressKeepsTheOthersLetters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := h.Enter(h.campaign, 2000, func(g *campaigns.Gift) { g.Donor = campaigns.Donor{Name: "練習 太郎", Mail: planted.Mail} })
	h.In(func(tx *sqlx.Tx) error {
		return mail.Enqueue(t.Context(), tx, mail.Message{OrganisationID: h.ID, Kind: "donation-thanks", Key: fmt.Sprintf("donation:%d:thanks", other.ID), To: planted.Mail,
			SenderName: "練習", Subject: "ご寄付が届きました", Text: "練習 太郎 様"}, h.At)
	})
	h.erase()
	var waiting []string
	if err := h.DB.Select(&waiting, `SELECT key FROM mail WHERE organisation_id = $1 AND erased_at IS NULL`, h.ID); err != nil {
		t.Fatal(err)
	}
	if len(waiting) != 1 || waiting[0] != fmt.Sprintf("donation:%d:thanks", other.ID) {
		t.Errorf("letters that wait: %v", waiting)
	}
}
