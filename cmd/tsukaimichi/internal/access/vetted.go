package access

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// TellVettingAsked writes to every operator that a group asks for a look at who it is. desk is the address of the page where that is done.
func TellVettingAsked(ctx context.Context, tx *sqlx.Tx, organisationID int64, desk string, at time.Time) error {
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	v, err := vetting.Newest(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	operators, err := Operators(ctx, tx, ledger.DateOf(at))
	if err != nil {
		return err
	}
	for _, person := range operators {
		err = mail.Enqueue(ctx, tx, mail.Message{OrganisationID: mail.Program, Kind: "vetting-asked", Key: fmt.Sprintf("vetting:%d:%d:asked:%d", o.ID, v.ID, person.ID),
			To: person.Mail, Subject: "団体の確認をたのまれました",
			Text: fmt.Sprintf("「%s」が、はじめての募金の前に、団体の確認をたのんでいます。\n\n書類の見せ方:\n%s\n\n見た書類の種類と日は、ここで入れてください。\n%s\n", o.Name, v.Meeting, desk)}, at)
		if err != nil {
			return err
		}
	}
	return nil
}

// TellVettingDecided writes to the representatives how the look at their group ended, and what they can do now.
func TellVettingDecided(ctx context.Context, tx *sqlx.Tx, organisationID int64, site string, at time.Time) error {
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	v, err := vetting.Newest(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	letter := mail.Message{Kind: "vetting-approved", Subject: "団体の確認がすみました",
		Text: fmt.Sprintf("「%s」の確認がすみました。募金を公表できます。\n見た書類の種類と日は、団体のページに出ます。写しも番号も残していません。\n\n%s/desk/%s/campaigns\n", o.Name, site, o.Slug)}
	if v.Status == vetting.Refused {
		letter.Kind, letter.Subject = "vetting-refused", "団体の確認が、まだできません"
		letter.Text = fmt.Sprintf("「%s」の確認が、まだできません。\n\nわけ:\n%s\n\n次にすること:\n%s\n\nそろったら、ここからまたたのめます。募金の下書きは、そのまま書けます。\n%s/desk/%s/settings/vetting\n",
			o.Name, v.Reason, v.Next, site, o.Slug)
	}
	letter.Key = fmt.Sprintf("vetting:%d:%s", v.ID, v.Status)
	return toRepresentatives(ctx, tx, o, letter, at)
}
