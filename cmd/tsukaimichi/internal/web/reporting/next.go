package reporting

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// Published shows the reports that are out while another is being written.
func (p *Pages) Published(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if len(m.Editions) == 0 {
		return ledger.ErrNotFound
	}
	return p.published(w, r, http.StatusOK, m, "", nil, nil)
}

// owing says of the page of a published report which one is owed next.
func (p *Pages) owing(r *http.Request, m matter, built *PublishedPage) error {
	open, err := campaigns.OpenDuty(r.Context(), p.DB, m.Organisation.ID, m.Campaign.ID)
	if errors.Is(err, campaigns.ErrNotFound) {
		built.Owed = &page.Notice{Head: "報告の約束を、みな果たしました", Text: "残ったお金はありません。"}
		return nil
	}
	if err != nil {
		return err
	}
	built.Owed = &page.Notice{Head: "次の報告は、" + page.Day(open.DueOn) + "までです", Text: "残ったお金をどうしたかを、また報告します。使い終わると、報告の約束も終わります。"}
	if late := open.Late(m.Today()); late > 0 {
		built.Owed.Tag, built.Owed.Attend = page.Tag{Kind: page.TagLate, Text: fmt.Sprintf("報告待ち %d日", late)}, true
	}
	if m.Report.ID == 0 && m.May(writers...) {
		built.Next = m.at("next")
	} else if m.Report.ID > 0 {
		built.Owed.Link = page.Link{Href: m.at(), Text: "書きかけの報告をひらく"}
	}
	return nil
}

// Continue begins the next report.
func (p *Pages) Continue(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if m.writing() { // begun already
		return redirect(w, r, m.at(), "")
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		_, err := reports.Continue(r.Context(), tx, m.Organisation.ID, m.Campaign.ID)
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.published(w, r, http.StatusUnprocessableEntity, m, "correct", nil, problems)
	}
	return redirect(w, r, m.at(), "continued")
}

// ReachPart is how far the latest report reached, with a form for what only the group can count.
type ReachPart struct {
	Pairs    []page.Pair
	Problems page.Problems
	Action   string // empty for who may not write
	Fields   []page.Field
}

func (p *Pages) reach(r *http.Request, m matter, latest reports.Report, values url.Values, problems map[string]string) (ReachPart, error) {
	reached, err := reports.FindReach(r.Context(), p.DB, m.Organisation.ID, latest.ID, latest.Number)
	if err != nil {
		return ReachPart{}, err
	}
	mails := page.Count(reached.Mailed) + "通送りました"
	if reached.Waiting > 0 {
		mails += "。" + page.Count(reached.Waiting) + "通は、これから送ります"
	}
	if reached.Bounced > 0 {
		mails += "。" + page.Count(reached.Bounced) + "通は、届きませんでした"
	}
	part := ReachPart{Pairs: []page.Pair{
		{Term: "メール", Text: mails},
		{Term: "報告のページ", Text: page.Count(reached.Read) + "回ひらかれました（検索の機械も入ります。だれがひらいたかは、残しません）"},
		{Term: "印刷した紙", Text: page.Count(reached.Printed) + "枚"},
		{Term: "回覧", Text: page.Count(reached.Circulated) + "世帯"},
	}}
	if turn, on := latest.Turn, ledger.DateOf(latest.Published.At); turn == 1 {
		fund, err := ledger.FindFund(r.Context(), p.DB, m.Organisation.ID, m.Campaign.FundID)
		if err != nil {
			return part, err
		}
		if days := on.Sub(fund.CollectsUntil); !fund.CollectsUntil.IsZero() && days > 0 {
			part.Pairs = append(part.Pairs, page.Pair{Term: "報告までの日数", Text: fmt.Sprintf("募集が終わってから%d日", days)})
		}
	}
	if !m.May(writers...) {
		return part, nil
	}
	if values == nil {
		values = url.Values{}
		values.Set("printed", strconv.Itoa(reached.Printed))
		values.Set("circulated", strconv.Itoa(reached.Circulated))
	}
	form := page.NewForm(values, problems)
	part.Action = m.at("reach")
	part.Fields = []page.Field{
		form.Field(page.Field{Name: "printed", Label: "印刷した枚数", InputMode: "numeric", Hint: "配ったり、貼ったりした紙を、みな数えます。"}),
		form.Field(page.Field{Name: "circulated", Label: "回覧した世帯", InputMode: "numeric"}),
	}
	part.Problems = form.Problems()
	return part, nil
}

// NoteReach keeps what the group counted.
func (p *Pages) NoteReach(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if len(m.Editions) == 0 {
		return ledger.ErrNotFound
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	printed, circulated := t.count("printed"), t.count("circulated")
	if err = t.bad.Err(); err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			return reports.NoteReach(r.Context(), tx, m.Organisation.ID, m.Editions[0].ReportID, printed, circulated, m.By(), m.Now)
		})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.published(w, r, http.StatusUnprocessableEntity, m, "reach", t.Values, problems)
	}
	return redirect(w, r, m.at("published"), "reach")
}
