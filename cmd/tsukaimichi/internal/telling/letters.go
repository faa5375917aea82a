package telling

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Desk tells for all organisations. It is safe for concurrent use. All fields are needed.
type Desk struct {
	DB  *sqlx.DB
	Now func() time.Time
	Links
}

// Publish publishes an update, or its correction, and writes the letters of a first version. Errors are those of news.Publish.
func (d *Desk) Publish(ctx context.Context, organisationID, id int64, reason string, by ledger.Actor) (news.Update, error) {
	var u news.Update
	err := ledger.InTx(ctx, d.DB, func(tx *sqlx.Tx) (err error) {
		if u, err = news.Publish(ctx, tx, organisationID, id, reason, by, d.Now()); err != nil || u.Version > 1 {
			return err
		}
		return d.tell(ctx, tx, u)
	})
	return u, err
}

func (d *Desk) tell(ctx context.Context, tx *sqlx.Tx, u news.Update) error {
	readers, err := news.Readers(ctx, tx, u.OrganisationID, u.CampaignID, news.News, u.Audience)
	if err != nil || len(readers) == 0 {
		return err
	}
	o, c, plan, err := about(ctx, tx, u.OrganisationID, u.CampaignID)
	if err != nil {
		return err
	}
	for _, r := range readers {
		if err = mail.Enqueue(ctx, tx, d.letter(o, c, plan, u, r), d.Now()); err != nil {
			return err
		}
	}
	return nil
}

func about(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (o ledger.Organisation, c campaigns.Campaign, plan campaigns.Plan, err error) {
	if o, err = ledger.FindOrganisation(ctx, q, organisationID); err != nil {
		return o, c, plan, err
	}
	if c, err = campaigns.Find(ctx, q, organisationID, campaignID); err != nil {
		return o, c, plan, err
	}
	plan, err = campaigns.FindPlan(ctx, q, organisationID, campaignID, c.Version)
	return o, c, plan, err
}

// letter is an update to one reader. The words are in it: what is for givers alone has no public page.
func (d *Desk) letter(o ledger.Organisation, c campaigns.Campaign, plan campaigns.Plan, u news.Update, r news.Reader) mail.Message {
	var b strings.Builder
	key := fmt.Sprintf("news:%d:g%d", u.ID, r.DonorID)
	why := "ご寄付くださった方"
	if r.DonorID == 0 {
		key, why = fmt.Sprintf("news:%d:f%d", u.ID, r.FollowerID), "たよりを申し込んだ方"
	}
	if r.Name != "" {
		fmt.Fprintf(&b, "%s 様\n\n", r.Name)
	}
	fmt.Fprintf(&b, "「%s」の活動だよりです。\n\n■ %s\n\n%s\n\n", plan.Title, u.Title, u.Text)
	switch {
	case u.Audience == news.Public:
		fmt.Fprintf(&b, "%sここで読めます。\n%s/c/%s/news/%d\n", photosToo(u), d.Site, c.Slug, u.Number)
	case len(u.Photos) > 0:
		b.WriteString("写真は、「あなたの寄付のページ」で見られます。リンクは、寄付のときのメールにあります。\n")
	}
	fmt.Fprintf(&b, "\nこのメールは、%sにお送りしています。\nやめるとき：%s\n領収書のメールは、やめても届きます。\n", why, d.Stop(o.ID, r, news.News))
	b.WriteString(mail.Sign(o, d.Site))
	return In(r.Language, mail.Message{
		OrganisationID: o.ID, Kind: "news", Key: key, To: r.Mail, SenderName: o.Name, ReplyTo: o.Mail, StopURL: d.Stop(o.ID, r, news.News),
		Subject: "活動だより：" + u.Title, Text: b.String(),
	})
}

func photosToo(u news.Update) string {
	if len(u.Photos) > 0 {
		return "写真といっしょに、"
	}
	return ""
}

// Follow takes an address that was typed in to hear of a campaign, and sends the link that confirms it there. Whether the address follows already is
// told to nobody. news.ErrOver if the campaign is over.
func (d *Desk) Follow(ctx context.Context, c campaigns.Campaign, address string) error {
	token := rand.Text()
	return ledger.InTx(ctx, d.DB, func(tx *sqlx.Tx) error {
		now := d.Now()
		id, tell, err := news.Follow(ctx, tx, c, address, token, now)
		if err != nil || !tell {
			return err
		}
		o, _, plan, err := about(ctx, tx, c.OrganisationID, c.ID)
		if err != nil {
			return err
		}
		var b strings.Builder
		fmt.Fprintf(&b, "「%s」の活動だよりを、このアドレスへ送る申し込みがありました。\n\n受け取るときは、24時間のうちに、ここを開いてボタンを押してください。\n%s/follow/%d/%s\n\n", plan.Title, d.Site, o.ID, token)
		b.WriteString("覚えがなければ、何もしないでください。何も届かず、アドレスは1日で消します。\n")
		b.WriteString(mail.Sign(o, d.Site))
		return mail.Enqueue(ctx, tx, mail.Message{
			OrganisationID: o.ID, Kind: "follow", Key: fmt.Sprintf("follow:%d:%d", id, now.UnixMilli()), To: address, SenderName: o.Name, ReplyTo: o.Mail,
			Subject: "活動だよりの申し込みの確かめ", Text: b.String(), KeepUntil: now.Add(news.ConfirmWithin),
		}, now)
	})
}

// Ask keeps a question under a report and tells the group, without the words: nobody has looked at them. Errors are those of news.Ask.
func (d *Desk) Ask(ctx context.Context, organisationID, reportID int64, name, text string) error {
	return ledger.InTx(ctx, d.DB, func(tx *sqlx.Tx) error {
		id, err := news.Ask(ctx, tx, organisationID, reportID, name, text, d.Now())
		if err != nil {
			return err
		}
		o, err := ledger.FindOrganisation(ctx, tx, organisationID)
		if err != nil || o.Mail == "" {
			return err
		}
		err = mail.Enqueue(ctx, tx, mail.Message{
			OrganisationID: o.ID, Kind: "question", Key: fmt.Sprintf("question:%d", id), To: o.Mail, SenderName: o.Name,
			Subject: "使いみちの報告に、質問が届きました",
			Text:    fmt.Sprintf("使いみちの報告に、質問が届きました。まだ、だれにも見えません。\n\n次のページで読んで、答えを書くか、出さない理由を書いてください。\n%s/desk/%s/questions\n\n答えは、質問といっしょに報告のページに出ます。\n", d.Site, o.Slug),
		}, d.Now())
		if errors.Is(err, mail.ErrAddress) || errors.Is(err, mail.ErrHeader) {
			return nil // the question stands on the desk all the same
		}
		return err
	})
}
