package papers

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// CountGivers is how many people a report will be told by mail: who gave to the campaign, or follows it, and has not stopped such letters.
func (p *Press) CountGivers(ctx context.Context, organisationID, campaignID int64) (int, error) {
	readers, err := news.Readers(ctx, p.DB, organisationID, campaignID, news.Report, news.Public)
	return len(readers), err
}

// tellGivers writes one letter to each giver of the campaign with a mail address, and to each follower.
func (p *Press) tellGivers(ctx context.Context, tx *sqlx.Tx, u reports.Usage) error {
	readers, err := news.Readers(ctx, tx, u.Organisation.ID, u.Campaign.ID, news.Report, news.Public)
	if err != nil {
		return err
	}
	subject := "使いみちの報告が出ました"
	if u.Version > 1 {
		subject = "使いみちの報告を訂正しました"
	}
	for _, r := range readers {
		key := fmt.Sprintf("report:%s:%d", u.Number, r.DonorID)
		if r.DonorID == 0 {
			key = fmt.Sprintf("report:%s:f%d", u.Number, r.FollowerID)
		}
		stop := p.Links.Stop(u.Organisation.ID, r, news.Report)
		err = mail.Enqueue(ctx, tx, telling.In(r.Language, mail.Message{
			OrganisationID: u.Organisation.ID, Kind: "report", Key: key, To: r.Mail, StopURL: stop,
			SenderName: u.Organisation.Name, ReplyTo: u.Organisation.Mail, Subject: subject, Text: reportLetter(u, r, subject, stop, p.Site),
		}), p.Now())
		if err != nil {
			return err
		}
	}
	return nil
}

func reportLetter(u reports.Usage, r news.Reader, subject, stop, site string) string {
	text, thanks := "", "に寄付してくださり、ありがとうございました。"
	if r.Name != "" {
		text = r.Name + " 様\n\n"
	}
	if r.DonorID == 0 {
		thanks = "のようすを見守ってくださり、ありがとうございます。"
	}
	text += fmt.Sprintf("「%s」%s\n\n%s。\n集まったお金を何に使ったか、ここで読めます。\n%s\n", u.Plan.Title, thanks, subject, u.URL)
	if u.Version > 1 {
		text += "\n訂正したところ：\n" + u.Content.Changes + "\n"
	}
	text += "\n紙で読みたいときは、お知らせください。\n" + mail.Sign(u.Organisation, site)
	text += "\n報告のメールをやめるとき：" + stop + "\n領収書のメールは、やめても届きます。\n"
	return text
}
