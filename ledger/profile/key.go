package profile

import (
	"slices"
	"strings"
)

// Kind is the type of a fact.
type Kind string

// The kinds of facts.
const (
	Text   Kind = "text"
	Number Kind = "number"
	Words  Kind = "words"
	Day    Kind = "day"
	YesNo  Kind = "yes_no"
)

// Use says who may see a fact.
type Use string

// The uses of facts.
const (
	Public  Use = "public"
	Group   Use = "group"
	Persons Use = "persons" // of persons: never in a snippet, a public copy or an export for others
)

// Key is a question that forms ask every group.
type Key struct {
	Key   string
	Kind  Kind
	Label string
	Use   Use
	Fresh int // days until it is asked again; 0 is never
}

// year is how long a figure of the kind that changes at a general meeting is believed.
const year = 400

// Keys are all facts a profile can hold, in the order in which a form asks. They follow the union of real forms' heads.
var Keys = []Key{
	{"org.name", Text, "団体の名称", Public, 0}, {"org.kana", Text, "団体名のふりがな", Public, 0}, {"legal_form", Words, "団体の種類（NPO法人、任意団体、自治会など）", Public, 0},
	{"founded_on", Day, "設立した日", Public, 0}, {"org.purpose", Text, "会の目的", Public, 0}, {"org.story", Text, "設立のいきさつ", Public, 0},
	{"area", Words, "活動地域（都道府県、市区町村の順）", Public, 0}, {"org.address", Text, "事務所の住所", Group, year}, {"org.phone", Text, "電話", Group, year},
	{"org.mail", Text, "メール", Group, year}, {"org.url", Text, "ホームページ", Public, year}, {"org.rep_name", Text, "代表者の氏名", Persons, year},
	{"org.rep_title", Text, "代表者の役職", Group, year}, {"org.rep_kana", Text, "代表者のふりがな", Persons, year}, {"org.contact", Text, "連絡の担当者", Persons, year},
	{"members", Number, "会員・構成員の人数", Public, year}, {"members_local", Number, "うち区域内に住む・働く人", Public, year}, {"members_60plus", Number, "うち60歳以上の人", Group, year},
	{"staff", Number, "職員の人数", Public, year}, {"volunteers", Number, "ボランティアの人数", Public, year}, {"partners", Number, "いっしょに活動する団体の数", Public, year},
	{"meetings_a_month", Number, "月あたりの活動回数", Public, year}, {"org.track_record", Text, "これまで2年の活動", Public, year}, {"org.last_accounts", Number, "前年度の支出決算額（円）", Public, year},
	{"org.carryover", Number, "前年度からの繰越額（円）", Public, year}, {"fiscal_year_start", Number, "会計年度の最初の月", Public, 0},
	{"has_rules", YesNo, "規約・会則がある", Public, 0}, {"has_accounts", YesNo, "決算書がある", Public, year}, {"has_audit", YesNo, "監査を受けている", Public, year},
	{"public_finances", YesNo, "会計を公開している", Public, year}, {"bank_in_group_name", YesNo, "団体名義の口座がある", Group, 0},
	{"past_awards", Words, "これまでに受けた助成と年度（例：奄美市社協2024。ないときは「なし」）", Group, year},
	{"other_public_money", YesNo, "同じ事業にほかの公的なお金を受ける", Group, 180}, {"no_antisocial", YesNo, "反社会的勢力と関わりがない", Group, year},
}

func keyOf(name string) (Key, bool) {
	at := slices.IndexFunc(Keys, func(k Key) bool { return k.Key == name })
	if at < 0 {
		return Key{}, false
	}
	return Keys[at], true
}

// refuses says what is wrong with a value of the kind, as a text key.
func (k Kind) refuses(v Value) string {
	switch {
	case k == Text && v.Text != nil:
		if len([]rune(*v.Text)) > 4_000 {
			return "profile.text_too_long"
		}
		return ""
	case k == Number && v.Number != nil:
		if *v.Number < 0 || *v.Number > 99_999_999_999 {
			return "profile.number_beyond_belief"
		}
		return ""
	case k == Words && len(v.Words) > 0 && len(v.Words) <= 20:
		if slices.ContainsFunc(v.Words, func(w string) bool { return strings.TrimSpace(w) == "" || len([]rune(w)) > 60 }) {
			return "profile.words"
		}
		return ""
	case k == Day && v.Day != nil && !v.Day.IsZero(), k == YesNo && v.Yes != nil:
		return ""
	}
	return "profile.missing"
}
