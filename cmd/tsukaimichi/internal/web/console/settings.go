package console

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// SettingsPage is 設定: the organisation as it is described, and what can be changed.
type SettingsPage struct {
	page.Console
	Pairs []page.Pair
	Docs  []page.Document
}

// Template names the template of the page.
func (SettingsPage) Template() string { return "console/settings" }

// Settings shows the organisation and leads to what can be changed.
func (p *Pages) Settings(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	settings := buildSettings(d)
	settings.Console = d.Frame(r, "設定", page.Settings)
	return p.Renderer.Render(w, http.StatusOK, settings)
}

func buildSettings(d Desk) SettingsPage {
	doc := func(text, note string, parts ...any) page.Document {
		return page.Document{Link: page.Link{Href: d.Path(parts...), Text: text}, Note: note}
	}
	s := SettingsPage{Pairs: organisationPairs(d)}
	if d.May(head...) {
		s.Docs = append(s.Docs, doc("団体のことを直す", "代表・住所・振込先・認定", "settings", "organisation"))
	}
	s.Docs = append(s.Docs, doc("メンバー", "だれが何の役目か", "settings", "members"), doc("取り組み", "配食・居場所など", "settings", "initiatives"))
	if d.May(overseers...) {
		s.Docs = append(s.Docs, doc("だれが何を見たか", "お名前や領収書を開いた記録", "access"))
	}
	s.Docs = append(s.Docs, doc("団体の確認", "はじめて公表する前に、運営に1度", "settings", "vetting"))
	s.Docs = append(s.Docs, doc("運営に読ませる", "代表が認めたときだけ", "access", "grants"))
	if d.May(treasurer...) {
		s.Docs = append(s.Docs, doc("いまあるお金を入れる", "帳簿のはじめに1度だけ", "settings", "opening"), doc("月や年度を締める", "締めたあとは、その日に入れられません", "settings", "close"))
	}
	s.Docs = append(s.Docs, doc("カードを使わない寄付のしかた", "振込・ゆうちょ・持参・品物", "settings", "ways"))
	s.Docs = append(s.Docs, doc("カードとコンビニ", "受け取りを止める・見てほしいこと", "money", "online"))
	s.Docs = append(s.Docs, page.Document{Link: page.Link{Href: "/o/" + d.Organisation.Slug, Text: "みんなが見る団体のページ"}})
	return s
}

func organisationPairs(d Desk) []page.Pair {
	o := d.Organisation
	address := joinedLinesIf(o.PostalCode, o.Address)
	if address != "" && !o.AddressDisclosed {
		address += "\n（公表しません。「請求により遅滞なく開示」と出ます）"
	}
	certified := ""
	if o.CertifiedNumber != "" {
		certified = o.CertifiedNumber + "\n" + page.DayOnly(o.CertifiedFrom) + "から" + page.DayOnly(o.CertifiedUntil) + "まで"
	}
	var pairs []page.Pair
	for _, pair := range []page.Pair{
		{Term: "団体の名前", Text: o.Name}, {Term: "ふりがな", Text: o.Kana}, {Term: "種類", Text: nameOf(organisationKinds, o.Kind)}, {Term: "目的", Text: o.Purpose},
		{Term: "代表", Text: o.Representative}, {Term: "住所", Text: address}, {Term: "電話", Text: joined(o.Phone, o.PhoneHours)}, {Term: "メール", Text: o.Mail},
		{Term: "振込先", Text: o.BankAccount}, {Term: "持って来られる所", Text: o.HandIn}, {Term: "認定NPO法人", Text: certified},
		{Term: "会計年度", Text: page.Count(o.FiscalMonth) + "月から"},
	} {
		if pair.Text != "" {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

// organisationKinds are the kinds of organisation with their names.
var organisationKinds = []page.Option{
	{Value: "npo", Text: "NPO法人"}, {Value: "shakyo", Text: "社会福祉協議会"}, {Value: "chonaikai", Text: "自治会・町内会"},
	{Value: "volunteer", Text: "ボランティアの集まり"}, {Value: "other", Text: "そのほか"},
}

// roleOptions are the roles with what they do.
func roleOptions() []page.Option {
	return []page.Option{
		{Value: string(ledger.Representative), Text: roleName(ledger.Representative), Note: "メンバーを決める・公表する・確認する"},
		{Value: string(ledger.Treasurer), Text: roleName(ledger.Treasurer), Note: "お金の出し入れ・領収書・締め"},
		{Value: string(ledger.Auditor), Text: roleName(ledger.Auditor), Note: "みな読む・確認する"},
		{Value: string(ledger.Member), Text: roleName(ledger.Member), Note: "寄付やレシートを入れる"},
		{Value: string(ledger.Coordinator), Text: roleName(ledger.Coordinator), Note: "読む・下書きを手伝う。終わる日がいります"},
	}
}
