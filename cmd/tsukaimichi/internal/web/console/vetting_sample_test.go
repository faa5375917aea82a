package console

import (
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// sampleVetting is the look at a group as the group and the operator see it: never asked, refused, approved.
func sampleVetting(d Desk) map[string]page.Page {
	seen := []vetting.Seen{{Paper: vetting.Rules, On: d.Today(), How: vetting.Original, Note: "2026年5月の総会"}, {Paper: vetting.Identity, On: d.Today(), How: vetting.Video}}
	history := []ledger.Step{{Step: "asked", Name: "練習 花子", At: d.Now}, {Step: "refused", Name: "練習 運営", At: d.Now}}
	refused := vettingView{Newest: &vetting.Vetting{Status: vetting.Refused, Reason: "規約に、代表の決め方が書かれていません。", Next: "総会の議事録を見せてください。", AskedAt: d.Now, DecidedAt: d.Now}, Operators: 1, History: history}
	asked := vettingView{Newest: &vetting.Vetting{Status: vetting.Asked, Meeting: "火曜に窓口へ持っていきます。", AskedAt: d.Now}, Operators: 1}
	approved := vetting.Vetting{Status: vetting.Approved, DecidedBy: "練習 運営", DecidedAt: d.Now, AskedAt: d.Now, Seen: seen}
	typed := url.Values{"rules": {"yes"}, "rules_on": {"2026-11-20"}, "other": {"yes"}}
	organisation := d.Organisation
	organisation.Kind = "chonaikai"
	return map[string]page.Page{
		"vetting": buildVetting(d, refused, nil, map[string]string{"meeting": "書いてください。"}), "vetting_none": buildVetting(d, vettingView{}, nil, nil),
		"vetting_approved": buildVetting(d, vettingView{Newest: &approved, InForce: &approved, Operators: 1, History: history}, nil, nil),
		"vetting_group":    buildGroup(organisation, asked, d.Today(), "approve", typed, map[string]string{"rules_how": "選んでください。", "other_note": "書いてください。", "identity": "見てください。"}),
		"vetting_refused":  buildGroup(organisation, refused, d.Today(), "refuse", nil, map[string]string{"next": "書いてください。"}),
	}
}

// sampleOperator is the operator's page with a group that waits and one that was looked at.
func sampleOperator(d Desk, grants []access.Grant) OperatorPage {
	other := ledger.Organisation{ID: 2, Name: "ねこの会（練習）", Kind: "volunteer", Slug: "neko"}
	p := buildOperator(grants, []ledger.Organisation{d.Organisation, other}, d.Today(), nil, map[string]string{"organisation": "選んでください。"})
	p.Waiting, p.Others = groupRows([]ledger.Organisation{d.Organisation, other, {ID: 3, Name: "つきの会（練習）"}}, map[int64]vetting.Vetting{
		1: {Status: vetting.Asked, AskedAt: d.Now, Meeting: "火曜に窓口へ持っていきます。"}, 2: {Status: vetting.Approved, DecidedAt: d.Now}})
	return p
}
