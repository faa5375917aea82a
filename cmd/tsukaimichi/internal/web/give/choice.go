package give

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/asking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	words "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Question is what a giver is asked about his share, with everything its page shows.
type Question struct {
	Organisation ledger.Organisation
	Campaign     campaigns.Campaign
	Change       campaigns.Change
	Before, Next campaigns.Plan
	Ask          campaigns.Ask
	To           string // where the rest of a stopped campaign goes
	Action       string
	Takes        bool // answers are taken
}

// Choice answers GET /choice/{org}/{token}: what is to change, the giver's share, and what he can choose. Opening it changes nothing.
func (p *Pages) Choice(w http.ResponseWriter, r *http.Request) error {
	q, err := p.question(r)
	if err != nil {
		return err
	}
	return p.Renderer.Render(w, http.StatusOK, NewChoicePage(q, nil))
}

// Choose answers POST /choice/{org}/{token}: it keeps the answer, in the place of an earlier one.
func (p *Pages) Choose(w http.ResponseWriter, r *http.Request) error {
	q, err := p.question(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	answer := words.Read(r.PostForm.Get("answer"), campaigns.ToldLink)
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return campaigns.Choose(r.Context(), tx, q.Ask.OrganisationID, q.Ask.ID, answer, ledger.ByDonor(), p.Now())
	})
	var invalid ledger.Invalid
	switch {
	case errors.As(err, &invalid):
		wrong := map[string]string{}
		for field, key := range invalid {
			wrong[field] = locale.Japanese.T(key)
		}
		return p.Renderer.Render(w, http.StatusUnprocessableEntity, NewChoicePage(q, wrong))
	case errors.Is(err, campaigns.ErrNotAsking):
		err = nil // the page says that it is decided
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, q.Action, http.StatusSeeOther)
	return nil
}

func (p *Pages) question(r *http.Request) (Question, error) {
	organisationID, err := strconv.ParseInt(r.PathValue("org"), 10, 64)
	if err != nil {
		return Question{}, ledger.ErrNotFound
	}
	ask, err := campaigns.FindAskByToken(r.Context(), p.DB, organisationID, r.PathValue("token"))
	if err != nil {
		return Question{}, err
	}
	return p.asked(r.Context(), ask)
}

func (p *Pages) asked(ctx context.Context, ask campaigns.Ask) (Question, error) {
	q := Question{Ask: ask, Action: asking.Path(asking.Secret(p.Secret, ask.OrganisationID), ask)}
	var err error
	if q.Change, err = campaigns.FindChange(ctx, p.DB, ask.OrganisationID, ask.ChangeID); err != nil {
		return q, err
	}
	q.Takes = q.Change.Takes(p.Now())
	if q.Organisation, err = ledger.FindOrganisation(ctx, p.DB, ask.OrganisationID); err != nil {
		return q, err
	}
	if q.Campaign, err = campaigns.Find(ctx, p.DB, ask.OrganisationID, q.Change.CampaignID); err != nil {
		return q, err
	}
	if q.Before, err = campaigns.FindPlan(ctx, p.DB, ask.OrganisationID, q.Change.CampaignID, q.Change.FromVersion); err != nil {
		return q, err
	}
	if q.Next, err = campaigns.FindPlan(ctx, p.DB, ask.OrganisationID, q.Change.CampaignID, q.Change.Version); err != nil {
		return q, err
	}
	if q.Change.RestFundID == 0 {
		return q, nil
	}
	fund, err := ledger.FindFund(ctx, p.DB, ask.OrganisationID, q.Change.RestFundID)
	q.To = "募金「" + fund.Name + "」"
	if fund.Kind == ledger.GeneralFund {
		q.To = "団体の活動ぜんたい"
	}
	return q, err
}

// questionOf is the question on the page of a gift; nil where its giver is not asked.
func (p *Pages) questionOf(ctx context.Context, d campaigns.Donation) (*ChangeQuestion, error) {
	ask, err := campaigns.FindAskOfGift(ctx, p.DB, d.OrganisationID, d.ID)
	if errors.Is(err, campaigns.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	q, err := p.asked(ctx, ask)
	if err != nil {
		return nil, err
	}
	c := &ChangeQuestion{Reason: q.reason(), Share: ask.Amount, Until: q.Change.DecidesOn, Link: page.Link{Href: q.Action, Text: "読んで、答える"}}
	if ask.Told != "" {
		c.Given, c.Link.Text = words.Say(ask, words.Options(q.Change, q.Next, q.To)), "答えを見る・変える"
	}
	return c, nil
}

// reason says why the giver is asked.
func (q Question) reason() string {
	if q.Change.Kind == campaigns.ChangeStop {
		return "この募金は、とちゅうでやめることになりました。残りのお金を、約束した「中止したとき」のとおりにします。"
	}
	return q.Change.Reason
}

// changing tells somebody who is about to give that givers are asked about another use of the money; the zero Notice where they are not.
func (p *Pages) changing(ctx context.Context, c campaigns.Campaign) (page.Notice, error) {
	change, err := campaigns.FindAsking(ctx, p.DB, c.OrganisationID, c.ID)
	if errors.Is(err, campaigns.ErrNotFound) {
		return page.Notice{}, nil
	}
	return page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "変更の途中"}, Head: "使いみちを変えるかどうかを、寄付した方にたずねています", Attend: true,
		Text: page.Day(change.DecidesOn) + "までは、下の約束のままです。そのあとは、新しい約束になることがあります。",
		Link: page.Link{Href: fmt.Sprintf("/c/%s/plan/%d", c.Slug, change.Version), Text: "何が変わるかを読む"}}, err
}
