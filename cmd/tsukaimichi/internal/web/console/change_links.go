package console

import (
	"context"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// changeLinks lead from a campaign to what concerns changes of its promise.
func (p *Pages) changeLinks(ctx context.Context, d Desk, c standing) ([]page.Document, error) {
	var links []page.Document
	all, err := campaigns.Changes(ctx, p.DB, c.OrganisationID, c.ID)
	if err != nil {
		return nil, err
	}
	for _, change := range all {
		if change.DecidesOn.IsZero() {
			continue
		}
		tag, when := askingTag(change)
		links = append(links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "asking"), Text: "寄付した方への問いかけ"}, Note: joined(tag.Text, when)})
		break
	}
	if c.Status == campaigns.Stopped {
		links = append(links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "stopping"), Text: "中止の手順"}, Note: "残りのお金を、約束のとおりにします"})
	}
	if c.Plan.Standing && d.May(drafters...) && (c.Status == campaigns.Open || c.Status == campaigns.Announced) {
		links = append(links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "year"), Text: "次の年度の計画"}, Note: "年度が始まる前に公表します"})
	}
	if c.Changeable() && d.May(drafters...) {
		links = append(links, page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "change"), Text: changeText(c)}, Note: "理由と違いを公表します"})
	}
	return links, nil
}

// changeText names what a new version is: of a call that stands on paper alone, the first one that takes gifts online.
func changeText(c standing) string {
	if c.Plan.OnPaper() {
		return "画面でも公表する（第1版）"
	}
	return "使いみちの約束を変える"
}

// changeStep names a step of a campaign's history that concerns changes.
func changeStep(step string) string {
	switch step {
	case "news_published":
		return "活動だよりを出しました"
	case "news_corrected":
		return "活動だよりの、直した版を出しました"
	case "changed":
		return "新しい約束が始まりました"
	case "change_proposed":
		return "約束の変更を公表し、寄付した方にたずね始めました"
	case "change_withdrawn":
		return "約束の変更を取り下げました"
	case "stop_rest":
		return "残りのお金をどうするかを、約束のとおりに決めました"
	case "stop_settled":
		return "残りのお金のことが、決まりました"
	}
	return step
}
