package give

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// AskErasing answers POST /g/{org}/{token}/erase: the giver wants what is kept of him erased. The organisation is told, on its desk and by a letter that
// names nobody. Asked again nothing more happens.
func (p *Pages) AskErasing(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	if o.donation.DonorID == 0 {
		return ledger.ErrNotFound // nothing is kept of anybody
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		first, err := campaigns.AskErasure(r.Context(), tx, o.donation.OrganisationID, o.donation.DonorID, p.Now())
		if err != nil || !first || o.organisation.Mail == "" {
			return err
		}
		return mail.Enqueue(r.Context(), tx, eraseLetter(o, p.Till.Site), p.Now())
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, o.path+"/gift#erase", http.StatusSeeOther)
	return nil
}

func eraseLetter(o opened, site string) mail.Message {
	return mail.Message{
		OrganisationID: o.donation.OrganisationID, Kind: "erase-asked", Key: fmt.Sprintf("erase:%d", o.donation.DonorID), To: o.organisation.Mail, SenderName: o.organisation.Name,
		Subject: "個人の情報を消してほしいという申し出がありました",
		Text: fmt.Sprintf("寄付した方から、個人の情報（お名前や連絡先）を消してほしいという申し出がありました。\n\n代表か会計の方が、次のページで、何が消えて何が残るかを見て、消してください。\n%s/desk/%s/gifts/%d/erase\n\n遅れないうちに、お願いします。\n",
			site, o.organisation.Slug, o.donation.ID),
	}
}

// Erase is the giver's wish to have what is kept of him erased, and what came of it; without an Action it cannot be asked for.
type Erase struct {
	State  page.Notice
	Action string
}

// erasing says how far the giver's wish has come.
func (p *Pages) erasing(ctx context.Context, o opened) (Erase, error) {
	if o.donation.DonorID == 0 {
		return Erase{}, nil
	}
	e, err := campaigns.FindErasure(ctx, p.DB, o.donation.OrganisationID, o.donation.DonorID)
	if err != nil {
		return Erase{}, err
	}
	return newErase(e, o.donor.Known(), o.path+"/erase"), nil
}

func newErase(e campaigns.Erasure, known bool, action string) Erase {
	day := func(at time.Time) string { return page.Day(ledger.DateOf(at)) }
	switch {
	case !e.ErasedAt.IsZero() && !known:
		done := Erase{State: page.Notice{Tag: page.Tag{Kind: page.TagDone, Text: "消しました"}, Head: "個人の情報は、消しました", Text: day(e.ErasedAt) + "に消しました。"}}
		if !e.KeptUntil.IsZero() && e.FinishedAt.IsZero() {
			done.State.Text += "税金の領収書のあて名と住所は、帳簿といっしょに" + page.Day(e.KeptUntil) + "まで残し、次の日に消します。"
		}
		return done
	case !e.AskedAt.IsZero() && e.ErasedAt.IsZero():
		return Erase{State: page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "頼みました"}, Head: "消してほしいと、団体に伝えました", Text: day(e.AskedAt) + "に伝えました。団体が消すと、ここに出ます。"}}
	}
	return Erase{Action: action}
}
