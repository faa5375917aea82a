package promise

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// Outcome is what a campaign that has ended can do of its promise, for a page. The zero Outcome is nothing to say.
type Outcome struct {
	Lead string
	Uses []page.Pair
	Rule page.Pair // what was said before for this case
}

// Outcomes says which uses are funded and by which rule the rest is dealt with.
func Outcomes(f campaigns.Funding, p campaigns.Plan) Outcome {
	var out Outcome
	for _, u := range f.Uses {
		result := "ぜんぶできます。"
		switch u.State {
		case campaigns.FundedPart:
			result = "一部だけできます。" + yen(u.Amount-u.Funded) + "足りません。"
		case campaigns.FundedNot:
			result = "いまは、できません。"
		}
		out.Uses = append(out.Uses, page.Pair{Term: u.Name, Text: "約束 " + yen(u.Amount) + "。あてられるお金 " + yen(u.Funded) + "。" + result})
	}
	switch {
	case f.Over > 0 && f.Lacking == 0:
		out.Lead = "約束より、" + yen(f.Over) + "多く集まりました。"
		out.Rule = page.Pair{Term: "多く集まったとき（集める前の約束）", Text: p.IfTooMuch}
	case f.Lacking > 0:
		out.Lead = "約束に、" + yen(f.Lacking) + "足りませんでした。上の使いみちから順に、お金をあてます。"
		out.Rule = page.Pair{Term: "足りないとき（集める前の約束）", Text: p.IfTooLittle}
	default:
		out.Lead = "約束した金額が、ちょうど集まりました。"
	}
	return out
}
