package chain

import (
	"bytes"
	"database/sql"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func some(n int64) sql.NullInt64          { return sql.NullInt64{Int64: n, Valid: true} }
func said(s string) sql.NullString        { return sql.NullString{String: s, Valid: true} }
func micro(n int64) (at time.Time)        { return time.UnixMicro(n).UTC() }
func day(m time.Month, d int) ledger.Date { return ledger.NewDate(2026, m, d) }

// sample is ¥600 of rice and ¥400 of bags, paid from the box.
func sample() record {
	return record{
		ID: 41, Kind: "transaction", SubjectID: 7, At: micro(1_795_400_000_000_001),
		Posted: &posted{
			Kind: "expense", Source: "expense:12", BookedOn: day(11, 24), BelongsOn: day(10, 31), EntryCount: 3,
			Actor: actor{ID: 3, Kind: "person", SubjectID: 5, Name: "練習 会計"}, PostedAt: micro(1_795_400_000_000_000), Memo: said("米"),
			Entries: []entry{
				{Number: 1, Account: 1110, FundID: 2, Amount: -1000, BookedOn: day(11, 24), CounterpartyID: some(9), Counterparty: said("練習商店")},
				{Number: 2, Account: 5121, FundID: 2, Segment: said("program"), InitiativeID: some(4), UseID: some(6), Amount: 600, BookedOn: day(11, 24)},
				{Number: 3, Account: 5131, FundID: 2, Segment: said("admin"), Amount: 400, BookedOn: day(11, 24)},
			},
			Papers: []paper{{ID: 8, FileHash: strings.Repeat("\x01", 32)}},
		},
	}
}

// TestEncodingStandsForEver: these bytes are under every hash that was ever sealed. A change of them needs another version.
func TestEncodingStandsForEver(t *testing.T) {
	x := sample()
	digest := PrivateDigest(bytes.Repeat([]byte{7}, saltBytes), encodePrivate(x))
	hash := RecordHash(x.public().Encode(), digest)
	report := record{ID: 42, Kind: "report", SubjectID: 3, Content: `{"hash":"00"}`, At: micro(1)}
	for _, c := range []struct{ name, got, want string }{
		{"public part", hex.EncodeToString(x.public().Encode()), "0101" +
			"0000000000000029" + "000000000000000b" + hex.EncodeToString([]byte("transaction")) + "0000000000000000" + "0000000000000000" +
			"0000000000000007" + hex.EncodeToString([]byte("expense")) + "0000000000005116" + "0000000000000002" +
			"0000000000001401" + "0000000000000002" + "0000000000000006" + "0000000000000258" +
			"000000000000140b" + "0000000000000002" + "0000000000000000" + "0000000000000190"},
		{"public part of a report", hex.EncodeToString(report.public().Encode()), "0101" +
			"000000000000002a" + "0000000000000006" + hex.EncodeToString([]byte("report")) + "0000000000000003" +
			"000000000000000d" + hex.EncodeToString([]byte(`{"hash":"00"}`)) + "0000000000000000" + "fffffffffff506c5" + "0000000000000000"},
		{"private digest", digest.String(), "8b11ed9278d831b5ef81c9a4aba96bae3059befcf296982d6bba6a59c8918c35"},
		{"hash", hash.String(), "4e28dcd06f9f8ce21dbf84dabdbe9f79a1df6cf45fc78a7f0a35738b6083dc01"},
		{"beginning", beginning(1).String(), "c6b0748b33bdb23833d628c740e56773255425d0fd09090af7b38f379f5b5826"},
		{"link", Link(beginning(1), hash).String(), "e1279502640a3943d2443922c7514c3d5b9ddd978ae50478cc0e63800d878200"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s; want %s", c.name, c.got, c.want)
		}
	}
}

func TestPublicPartHoldsTheLinesOfTheListAlone(t *testing.T) {
	x := sample()
	x.Posted.Entries = append(x.Posted.Entries,
		entry{Number: 4, Account: ledger.Gifts, FundID: 2, Amount: -5, BookedOn: day(11, 24)},
		entry{Number: 5, Account: 4219, FundID: 2, Amount: 5, BookedOn: day(11, 24)})
	want := Public{
		Record: 41, Kind: "transaction", Posted: "expense", Month: day(11, 1),
		Lines: []Line{{5121, 2, 6, 600}, {5131, 2, 0, 400}},
	}
	if got := x.public(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v; want %+v", got, want)
	}
}

func TestNeighbouringTextsDoNotRunTogether(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b func(x *record)
	}{
		{"bar", func(x *record) { x.Kind, x.Content = "a|b", "c" }, func(x *record) { x.Kind, x.Content = "a", "b|c" }},
		{"empty", func(x *record) { x.Kind, x.Content = "ab", "" }, func(x *record) { x.Kind, x.Content = "", "ab" }},
		{"length", func(x *record) { x.Posted.Kind, x.Posted.Source = "\x00\x00", "" }, func(x *record) { x.Posted.Kind, x.Posted.Source = "", "\x00\x00" }},
		{"none and zero", func(x *record) { x.Posted.Reverses = some(0) }, func(x *record) { x.Posted.Reverses = sql.NullInt64{} }},
		{"none and empty", func(x *record) { x.Posted.Memo = said("") }, func(x *record) { x.Posted.Memo = sql.NullString{} }},
		{"which is none", func(x *record) { x.Posted.DonationID, x.Posted.RefundID = some(1), sql.NullInt64{} },
			func(x *record) { x.Posted.DonationID, x.Posted.RefundID = sql.NullInt64{}, some(1) }},
		{"entry or paper", func(x *record) { x.Posted.Entries, x.Posted.Papers = x.Posted.Entries[:1], nil },
			func(x *record) { x.Posted.Entries, x.Posted.Papers = nil, []paper{{1, ""}} }},
	} {
		x, y := sample(), sample()
		c.a(&x)
		c.b(&y)
		if bytes.Equal(encodePrivate(x), encodePrivate(y)) {
			t.Errorf("%s: two records, one encoding", c.name)
		}
	}
	a, b := Public{Kind: "a|b", Content: "c"}, Public{Kind: "a", Content: "b|c"}
	if bytes.Equal(a.Encode(), b.Encode()) {
		t.Error("two public parts, one encoding")
	}
}

var (
	anyNumber = rapid.Custom(func(t *rapid.T) sql.NullInt64 {
		if rapid.Bool().Draw(t, "there") {
			return some(rapid.Int64().Draw(t, "number"))
		}
		return sql.NullInt64{}
	})
	anyText = rapid.Custom(func(t *rapid.T) sql.NullString {
		if rapid.Bool().Draw(t, "there") {
			return said(rapid.String().Draw(t, "text"))
		}
		return sql.NullString{}
	})
	anyDay = rapid.Custom(func(t *rapid.T) ledger.Date {
		return firstDay.AddDays(rapid.IntRange(-800_000, 800_000).Draw(t, "days"))
	})
	anyInstant = rapid.Custom(func(t *rapid.T) time.Time { return micro(rapid.Int64Range(-1<<55, 1<<55).Draw(t, "instant")) })
	anyEntry   = rapid.Custom(func(t *rapid.T) entry {
		return entry{
			Number: rapid.Int64().Draw(t, "number"), Account: rapid.Int64Range(1000, 5999).Draw(t, "account"), FundID: rapid.Int64().Draw(t, "fund"),
			Segment: anyText.Draw(t, "segment"), InitiativeID: anyNumber.Draw(t, "initiative"), UseID: anyNumber.Draw(t, "use"),
			CounterpartyID: anyNumber.Draw(t, "counterparty"), Counterparty: anyText.Draw(t, "name"),
			Amount: ledger.Yen(rapid.Int64().Draw(t, "amount")), BookedOn: anyDay.Draw(t, "day"),
		}
	})
	anyRecord = rapid.Custom(func(t *rapid.T) record {
		x := record{
			ID: rapid.Int64().Draw(t, "id"), Kind: rapid.String().Draw(t, "kind"), SubjectID: rapid.Int64().Draw(t, "subject"),
			Content: rapid.String().Draw(t, "content"), At: anyInstant.Draw(t, "at"),
		}
		if rapid.Bool().Draw(t, "posted") {
			x.Posted = &posted{
				Kind: rapid.String().Draw(t, "what"), Source: rapid.String().Draw(t, "source"), BookedOn: anyDay.Draw(t, "booked"),
				BelongsOn: anyDay.Draw(t, "belongs"), EntryCount: rapid.Int64().Draw(t, "count"),
				Actor:    actor{rapid.Int64().Draw(t, "actor"), rapid.String().Draw(t, "actor kind"), rapid.Int64().Draw(t, "who"), rapid.String().Draw(t, "name")},
				PostedAt: anyInstant.Draw(t, "posted at"), Reverses: anyNumber.Draw(t, "reverses"), Reason: rapid.String().Draw(t, "reason"),
				DonationID: anyNumber.Draw(t, "donation"), RefundID: anyNumber.Draw(t, "refund"), Memo: anyText.Draw(t, "memo"),
			}
			if entries := rapid.SliceOfN(anyEntry, 0, 4).Draw(t, "entries"); len(entries) > 0 {
				x.Posted.Entries = entries
			}
			for range rapid.IntRange(0, 2).Draw(t, "papers") {
				x.Posted.Papers = append(x.Posted.Papers, paper{rapid.Int64().Draw(t, "paper"), rapid.String().Draw(t, "hash")})
			}
		}
		return x
	})
)

func TestDecodingGivesBackTheRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := anyRecord.Draw(t, "record")
		got, err := decodePrivate(encodePrivate(x))
		if err != nil || !reflect.DeepEqual(got, x) {
			t.Fatalf("got %+v, %v; want %+v", got, err, x)
		}
		p := x.public()
		if back, err := DecodePublic(p.Encode()); err != nil || !reflect.DeepEqual(back, p) {
			t.Fatalf("public: got %+v, %v; want %+v", back, err, p)
		}
	})
}

// FuzzPrivatePart: what can be decoded at all is exactly what encoding it again gives, so no second encoding of a record exists.
func FuzzPrivatePart(f *testing.F) {
	f.Add(encodePrivate(sample()))
	f.Add(encodePrivate(record{Kind: "plan", Content: "{}"}))
	f.Add([]byte{version, privatePart})
	f.Fuzz(func(t *testing.T, bytes_ []byte) {
		x, err := decodePrivate(bytes_)
		if err != nil {
			if !errors.Is(err, ErrEncoding) {
				t.Fatal(err)
			}
			return
		}
		if again := encodePrivate(x); !bytes.Equal(again, bytes_) {
			t.Errorf("%x decodes and encodes to %x", bytes_, again)
		}
	})
}

// FuzzPublicPart does the same for the public part.
func FuzzPublicPart(f *testing.F) {
	x := sample()
	f.Add(x.public().Encode())
	f.Fuzz(func(t *testing.T, bytes_ []byte) {
		p, err := DecodePublic(bytes_)
		if err != nil {
			return
		}
		if again := p.Encode(); !bytes.Equal(again, bytes_) {
			t.Errorf("%x decodes and encodes to %x", bytes_, again)
		}
	})
}
