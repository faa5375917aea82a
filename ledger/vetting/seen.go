package vetting

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Paper is a kind of thing that shows who a group is.
type Paper string

// The kinds.
const (
	Register Paper = "register" // 登記事項証明書
	Permit   Paper = "permit"   // 認可地縁団体の告示事項証明書, 所轄庁の認証書
	Rules    Paper = "rules"    // 定款・規約・会則
	Minutes  Paper = "minutes"  // 代表を決めた総会などの議事録
	Officers Paper = "officers" // 役員名簿
	Identity Paper = "identity" // 代表者の本人確認書類
	Account  Paper = "account"  // 口座の名義の分かるもの
	Place    Paper = "place"    // 活動の場
	Other    Paper = "other"
)

// Papers are all kinds in the order in which they are listed.
var Papers = []Paper{Register, Permit, Rules, Minutes, Officers, Identity, Account, Place, Other}

// How is the way in which a thing was seen.
type How string

// The ways.
const (
	Original How = "original" // 原本を手に取って
	Copy     How = "copy"     // 写しで
	Video    How = "video"    // 画面ごしに
	Public   How = "register" // 国や自治体の公開の名簿で
	Visit    How = "visit"    // その場へ行って
)

// Ways are all ways in the order in which they are listed.
var Ways = []How{Original, Copy, Video, Public, Visit}

// Seen is one thing that was seen.
type Seen struct {
	Paper Paper       `db:"paper"`
	On    ledger.Date `db:"seen_on"`
	How   How         `db:"how"`
	Note  string      `db:"note"` // without names and numbers
}

// MaxNote is the most characters of a note.
const MaxNote = 200

// Brought says which papers a group of a kind brings: each group of alternatives needs one.
func Brought(kind string) [][]Paper {
	switch kind {
	case "npo", "shakyo":
		return [][]Paper{{Register}, {Identity}, {Account}}
	case "chonaikai":
		return [][]Paper{{Permit, Rules}, {Minutes, Officers}, {Identity}, {Account}}
	}
	return [][]Paper{{Register, Rules, Minutes}, {Identity}, {Account}}
}

// number is what looks like a number copied from a paper: six digits, half or full width, maybe with strokes between.
var number = regexp.MustCompile(`([0-9０-９][-ー－ 　]?){6}`)

// fit says what is wrong with a list of what was seen of a group of a kind, field by field: Invalid, or nil. A group without an account need show none.
func fit(seen []Seen, o ledger.Organisation, at time.Time) error {
	bad, today := ledger.Invalid{}, ledger.DateOf(at)
	there := map[Paper]bool{}
	for _, s := range seen {
		field := string(s.Paper)
		bad.Need(slices.Contains(Papers, s.Paper) && !there[s.Paper], field, "vetting.paper_unknown")
		bad.Need(!s.On.IsZero(), field+"_on", "vetting.day_missing")
		bad.Need(!s.On.After(today), field+"_on", "vetting.day_future")
		bad.Need(s.On.IsZero() || today.Sub(s.On) <= 366, field+"_on", "vetting.day_old")
		bad.Need(slices.Contains(Ways, s.How), field+"_how", "vetting.how_missing")
		bad.Need(utf8.RuneCountInString(s.Note) <= MaxNote, field+"_note", "field.too_long")
		bad.Need(!number.MatchString(s.Note), field+"_note", "vetting.note_number")
		bad.Need(s.Paper != Other || s.Note != "", field+"_note", "vetting.other_what")
		there[s.Paper] = true
	}
	for _, one := range Brought(o.Kind) {
		if one[0] == Account && strings.TrimSpace(o.BankAccount) == "" {
			continue
		}
		bad.Need(slices.ContainsFunc(one, func(p Paper) bool { return there[p] }), string(one[0]), "vetting.paper_missing")
	}
	return bad.Err()
}
