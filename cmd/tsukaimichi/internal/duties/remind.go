package duties

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Remind writes for one organisation the letters that are due. Doing it again writes none.
func Remind(ctx context.Context, db *sqlx.DB, organisationID int64, site string, at time.Time) error {
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		if _, err := campaigns.ResumeDuties(ctx, tx, organisationID, at); err != nil {
			return err
		}
		due, err := dueLetters(ctx, tx, organisationID, site, ledger.DateOf(at))
		if err != nil || len(due) == 0 {
			return err
		}
		readers, err := readersOf(ctx, tx, organisationID, ledger.DateOf(at))
		if err != nil {
			return err
		}
		for _, m := range due {
			for _, reader := range readers {
				letter := m
				letter.Key, letter.To = fmt.Sprintf("%s:%d", m.Key, reader.PersonID), reader.Mail
				if err = mail.Enqueue(ctx, tx, letter, at); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// dueLetters are the letters of a day, without a reader: of the reports that campaigns promised, and of those on what was decided about gifts nobody asked for.
func dueLetters(ctx context.Context, tx *sqlx.Tx, organisationID int64, site string, today ledger.Date) ([]mail.Message, error) {
	owed, err := campaigns.Owed(ctx, tx, organisationID)
	if err != nil {
		return nil, err
	}
	decided, err := campaigns.Decisions(ctx, tx, organisationID)
	if err != nil || len(owed)+len(decided) == 0 {
		return nil, err
	}
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return nil, err
	}
	var due []mail.Message
	for _, d := range owed {
		if step := stepOf(d.DueOn, today); step != "" {
			due = append(due, letter(o, d, step, site, today))
		}
	}
	for _, d := range decided {
		if d.Report != nil || d.DueOn.IsZero() { // of a transfer its campaign reports
			continue
		}
		if step := stepOf(d.DueOn, today); step != "" {
			due = append(due, decisionLetter(o, d, step, site, today))
		}
	}
	return due, nil
}

// readersOf are the representatives and treasurers of today, each person once.
func readersOf(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on ledger.Date) ([]ledger.Membership, error) {
	members, err := ledger.Members(ctx, q, organisationID, on)
	if err != nil {
		return nil, err
	}
	var readers []ledger.Membership
	seen := map[int64]bool{}
	for _, m := range members {
		if (m.Role == ledger.Representative || m.Role == ledger.Treasurer) && !seen[m.PersonID] && m.Mail != "" {
			readers = append(readers, m)
			seen[m.PersonID] = true
		}
	}
	return readers, nil
}

// stepOf names the letter that is due on a day: 30, 7 and 0 days before, then the week it has been late. Empty before the first. A step that was missed,
// because nothing ran, is made up for by the next alone.
func stepOf(dueOn, today ledger.Date) string {
	switch before := dueOn.Sub(today); {
	case before > 30:
		return ""
	case before > 7:
		return "30"
	case before > 0:
		return "7"
	case before > -7:
		return "0"
	default:
		return fmt.Sprintf("late%d", -before/7)
	}
}

func letter(o ledger.Organisation, d campaigns.Duty, step, site string, today ledger.Date) mail.Message {
	when, subject := dayText(d.DueOn), subjectOf(d.DueOn, today)
	text := fmt.Sprintf("「%s」の使いみちを報告する日は、%sです。あと%d日です。\n", d.Title, when, d.DueOn.Sub(today))
	switch late := d.Late(today); {
	case late > 0:
		text = fmt.Sprintf("「%s」の使いみちを報告する日（%s）から、%d日すぎています。\n募金のページと団体のページには「報告待ち %d日」と出ています。\n報告するまで、同じ取り組みの募金は始められません。ほかの取り組みの募金には、代表の説明がいります。\n", d.Title, when, late, late)
	case d.DueOn == today:
		text = fmt.Sprintf("きょうは、「%s」の使いみちを報告する日です。\nあすからは、募金のページと団体のページに「報告待ち」と出ます。\n", d.Title)
	}
	if !d.YearFrom.IsZero() {
		text += fmt.Sprintf("常設の募金の、%d年度の報告です。\n", d.YearFrom.Year())
	} else if d.Number > 1 {
		text += fmt.Sprintf("残ったお金についての、第%d回の報告です。\n", d.Number)
	}
	text += fmt.Sprintf("\n報告は、ここで書きます。数字は、帳簿から入っています。\n%s/desk/%s/campaigns/%d/report\n\nぜんぶ使い終わっていなくても、報告できます。残りは、次に報告する日を決めて、くりこします。\n", site, o.Slug, d.CampaignID)
	return mail.Message{OrganisationID: o.ID, Kind: "report-due", Key: fmt.Sprintf("duty:%d:%d:%s", d.CampaignID, d.Number, step), Subject: subject, Text: text}
}

// subjectOf says how near the day is.
func subjectOf(dueOn, today ledger.Date) string {
	switch before := dueOn.Sub(today); {
	case before < 0:
		return "報告の期限がすぎています"
	case before == 0:
		return "きょうが、報告する日です"
	}
	return "報告する日が近づいています"
}

func dayText(d ledger.Date) string {
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}
