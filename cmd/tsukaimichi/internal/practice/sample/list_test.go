package sample_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/csv"
	"strconv"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

var listKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

// TestEveryPublicListAddsUpToItsReport takes the list of each campaign of the sample as a reader gets it: its columns add up to what the report
// says came in and was spent, no month with few gifts stands alone, and each numbered line is what the log was signed for.
func TestEveryPublicListAddsUpToItsReport(t *testing.T) {
	t.Parallel()
	db := database(t)
	load(t, db, morning)
	lists := 0
	for _, o := range organisations(t, db) {
		sealAndSign(t, db, o)
		var ids []int64
		if err := db.Select(&ids, `SELECT id FROM campaign WHERE organisation_id = $1 AND status <> 'draft' ORDER BY id`, o.ID); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			c, err := campaigns.Find(t.Context(), db, o.ID, id)
			if err != nil {
				t.Fatal(err)
			}
			f, err := reports.FindFigures(t.Context(), db, c, ledger.DateOf(morning))
			if err != nil {
				t.Fatal(err)
			}
			lists++
			t.Run(o.Slug+"/"+c.Slug, func(t *testing.T) {
				in, out := columns(t, f.Entries)
				if in != f.In() || out != f.Progress.Spent {
					t.Errorf("the list adds up to %s in and %s out; the report says %s and %s", in, out, f.In(), f.Progress.Spent)
				}
				fewStandTogether(t, f)
				linesAreInTheLog(t, db, c, f.Entries)
			})
		}
	}
	if lists == 0 {
		t.Error("the sample has no campaign")
	}
}

// columns adds up a list as a spreadsheet does.
func columns(t *testing.T, entries []reports.PublicEntry) (in, out ledger.Yen) {
	t.Helper()
	file, err := reports.EntriesCSV(entries, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != len(entries)+1 {
		t.Fatalf("%d rows for %d lines, %v", len(rows), len(entries), err)
	}
	for _, row := range rows[1:] {
		for column, sum := range map[int]*ledger.Yen{4: &in, 5: &out} {
			if row[column] != "" {
				n, err := strconv.ParseInt(row[column], 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				*sum += ledger.Yen(n)
			}
		}
	}
	return in, out
}

// fewStandTogether: a line of gifts holds five at least, unless the campaign has fewer in all.
func fewStandTogether(t *testing.T, f reports.Figures) {
	t.Helper()
	for _, e := range f.Entries {
		if e.Account == ledger.Gifts && e.Gifts < 5 && e.Gifts < f.GiftCount() {
			t.Errorf("%s shows %d gifts of %d by themselves", e.Month, e.Gifts, f.GiftCount())
		}
	}
}

// linesAreInTheLog compares the numbered lines with the public parts of their records, proven to a signed checkpoint.
func linesAreInTheLog(t *testing.T, db *sqlx.DB, c campaigns.Campaign, entries []reports.PublicEntry) {
	t.Helper()
	want := map[int64]ledger.Yen{} // by record; of a record of goods two lines cancel out
	for _, e := range entries {
		if e.Record > 0 && e.Side == reports.SideIn {
			want[e.Record] -= e.Amount
		} else if e.Record > 0 && e.Side == reports.SideOut {
			want[e.Record] += e.Amount
		}
	}
	for record, sum := range want {
		var transaction int64
		if err := db.Get(&transaction, `SELECT subject_id FROM log_record WHERE organisation_id = $1 AND id = $2`, c.OrganisationID, record); err != nil {
			t.Fatal(err)
		}
		ledgertest.Must(t, db, func(tx *sqlx.Tx) error {
			p, err := chain.Prove(t.Context(), tx, c.OrganisationID, listKey.Public().(ed25519.PublicKey), chain.Printed{}, chain.Subject{Kind: "transaction", ID: transaction})
			if err != nil {
				return err
			}
			shown, err := p.Check(nil)
			if err != nil {
				return err
			}
			for _, l := range shown.Records[0].Public.Lines {
				if l.FundID == c.FundID {
					sum -= l.Amount
				}
			}
			return nil
		})
		if sum != 0 {
			t.Errorf("record %d: the list is %s away from what was sealed", record, sum)
		}
	}
}

func sealAndSign(t *testing.T, db *sqlx.DB, o ledger.Organisation) {
	t.Helper()
	sealer := &chain.Sealer{DB: db}
	if _, err := sealer.Seal(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	keep := func(context.Context, int64, []byte) error { return nil }
	if _, err := chain.Sign(t.Context(), db, o.ID, chain.Origin("https://tsukaimichi.example", o.ID), listKey, morning, keep); err != nil {
		t.Fatal(err)
	}
}
