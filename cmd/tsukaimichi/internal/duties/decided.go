package duties

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// decisionLetter is about the report on what the group decided to use gifts for that nobody asked for. It says nothing of how much there is: the page does.
func decisionLetter(o ledger.Organisation, d campaigns.Decision, step, site string, today ledger.Date) mail.Message {
	what, when := fmt.Sprintf("募金ではない寄付で決めた使いみち「%s」", d.Purpose), dayText(d.DueOn)
	text := fmt.Sprintf("%sを報告する日は、%sです。あと%d日です。\n", what, when, d.DueOn.Sub(today))
	switch late := d.Late(today); {
	case late > 0:
		text = fmt.Sprintf("%sを報告する日（%s）から、%d日すぎています。\nみんなが見る「募金ではない寄付」のページには「報告待ち %d日」と出ています。\n", what, when, late, late)
	case d.DueOn == today:
		text = fmt.Sprintf("きょうは、%sを報告する日です。\nあすからは、みんなが見る「募金ではない寄付」のページに「報告待ち」と出ます。\n", what)
	}
	text += fmt.Sprintf("\n報告は、ここで書きます。使ったお金は、帳簿から入っています。\n%s/desk/%s/gifts/unasked\n\nぜんぶ使い終わっていなくても、報告できます。残りをどうするかを、いっしょに書きます。\n公表は代表がします。\n", site, o.Slug)
	return mail.Message{OrganisationID: o.ID, Kind: "decision-due", Key: fmt.Sprintf("decision:%d:%s", d.ID, step), Subject: subjectOf(d.DueOn, today), Text: text}
}
