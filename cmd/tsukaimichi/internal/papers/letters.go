package papers

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// giver is whom a report is told.
type giver struct {
	ID   int64  `db:"id"`
	Name string `db:"name"`
	Mail string `db:"mail"`
}

// CountGivers is how many people a report will be told by mail: who gave to the campaign and left an address.
func (p *Press) CountGivers(ctx context.Context, organisationID, campaignID int64) (int, error) {
	givers, err := findGivers(ctx, p.DB, organisationID, campaignID)
	return len(givers), err
}

func findGivers(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) ([]giver, error) {
	var givers []giver
	err := sqlx.SelectContext(ctx, q, &givers, `
		SELECT g.id, g.name, g.mail
		  FROM donor g
		 WHERE g.organisation_id = $1 AND g.mail <> '' AND g.erased_at IS NULL
		   AND EXISTS (SELECT FROM donation d
		                WHERE d.organisation_id = $1 AND d.campaign_id = $2 AND d.donor_id = g.id AND d.status = 'paid' AND d.reversed_at IS NULL)
		 ORDER BY g.id`, organisationID, campaignID)
	if err != nil {
		return nil, fmt.Errorf("givers of campaign %d: %w", campaignID, err)
	}
	// One person who gave twice without signing in stands there twice: a mail address gets one letter.
	seen := map[string]bool{}
	kept := givers[:0]
	for _, g := range givers {
		if !seen[g.Mail] {
			kept = append(kept, g)
		}
		seen[g.Mail] = true
	}
	return kept, nil
}

// tellGivers writes one letter to each giver of the campaign with a mail address.
func (p *Press) tellGivers(ctx context.Context, tx *sqlx.Tx, u reports.Usage) error {
	givers, err := findGivers(ctx, tx, u.Organisation.ID, u.Campaign.ID)
	if err != nil {
		return err
	}
	subject := "使いみちの報告が出ました"
	if u.Version > 1 {
		subject = "使いみちの報告を訂正しました"
	}
	for _, g := range givers {
		err = mail.Enqueue(ctx, tx, mail.Message{
			OrganisationID: u.Organisation.ID, Kind: "report", Key: fmt.Sprintf("report:%s:%d", u.Number, g.ID), To: g.Mail,
			SenderName: u.Organisation.Name, ReplyTo: u.Organisation.Mail, Subject: subject, Text: reportLetter(u, g, subject),
		}, p.Now())
		if err != nil {
			return err
		}
	}
	return nil
}

func reportLetter(u reports.Usage, g giver, subject string) string {
	text := ""
	if g.Name != "" {
		text = g.Name + " 様\n\n"
	}
	text += fmt.Sprintf("「%s」に寄付してくださり、ありがとうございました。\n\n%s。\n集まったお金を何に使ったか、ここで読めます。\n%s\n", u.Plan.Title, subject, u.URL)
	if u.Version > 1 {
		text += "\n訂正したところ：\n" + u.Content.Changes + "\n"
	}
	text += "\n紙で読みたいときは、お知らせください。\n\n" + u.Organisation.Name + "\n"
	if u.Organisation.Phone != "" {
		text += "電話 " + u.Organisation.Phone + "\n"
	}
	return text
}
