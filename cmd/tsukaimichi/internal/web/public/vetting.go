package public

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// Vetted is whether the operator has looked at who a group is: what he saw, and on which day. It names nobody.
type Vetted struct {
	Tag   page.Tag
	Lead  string
	Seen  []page.Pair
	Notes []string
}

// vettingOf returns the vetting in force, nil where there is none.
func vettingOf(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (*vetting.Vetting, error) {
	v, err := vetting.InForce(ctx, q, organisationID)
	if errors.Is(err, vetting.ErrNone) {
		return nil, nil
	}
	return &v, err
}

// vetted puts a vetting in words; nil is none.
func vetted(v *vetting.Vetting, o ledger.Organisation) Vetted {
	if v == nil {
		return Vetted{Tag: page.Tag{Kind: page.TagDraft, Text: "まだです"}, Lead: "運営者は、この団体をまだ確認していません。確認がすむまで、この団体は募金を公表できません。"}
	}
	if v.Status == vetting.Before {
		return Vetted{Tag: page.Tag{Kind: page.TagWait, Text: "確認なし"}, Lead: "団体を確認する決まりができる前から、募金をしている団体です。運営者の確認は、受けていません。"}
	}
	shown := Vetted{Tag: page.Tag{Kind: page.TagDone, Text: "確認ずみ"}, Lead: page.DayOnly(ledger.DateOf(v.DecidedAt)) + "に、運営者が確認しました。"}
	for _, s := range v.Seen {
		text := page.DayOnly(s.On) + "・" + locale.Japanese.T("vetting.how_"+string(s.How))
		shown.Seen = append(shown.Seen, page.Pair{Term: locale.Japanese.T("vetting.paper_" + string(s.Paper)), Text: text})
	}
	if v.Changed(o) {
		shown.Tag = page.Tag{Kind: page.TagLate, Text: "変わりました"}
		shown.Notes = append(shown.Notes, "確認のあとに、団体の名前・種類・代表・振込先のどれかが変わりました。変わったあとの確認は、まだです。")
	}
	if v.Own {
		shown.Notes = append(shown.Notes, "確認した運営者は、この団体の役目も持っています。団体の外の人の確認ではありません。")
	}
	shown.Notes = append(shown.Notes, "見たのは、だれの団体かが分かる書類です。お金の使い方を約束するものではありません。使い方は、報告と記録で確かめられます。")
	return shown
}
