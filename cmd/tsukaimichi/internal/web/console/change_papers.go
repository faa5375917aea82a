package console

import (
	"net/http"
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/asking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// AskingSheet answers with the 回覧 sheet of the change that givers are asked about.
func (p *Pages) AskingSheet(w http.ResponseWriter, r *http.Request) error {
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	a, err := findAsked(r.Context(), p.DB, c)
	if err != nil {
		return err
	}
	if a.change.Kind != campaigns.ChangeVersion {
		return ledger.ErrNotFound
	}
	bytes, err := p.Press.AskingSheet(r.Context(), a.change)
	if err != nil {
		return err
	}
	return sendPaper(w, c.Slug+"-kairan.pdf", bytes)
}

// AskingLetters answers with letters and slips for those who cannot be reached by mail.
func (p *Pages) AskingLetters(w http.ResponseWriter, r *http.Request) error {
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	a, err := findAsked(r.Context(), p.DB, c)
	if err != nil {
		return err
	}
	var answers []string
	for _, o := range promise.Options(a.change, a.next, a.to) {
		answers = append(answers, o.Text)
	}
	secret := p.Links(c.OrganisationID)
	var to []reports.Asked
	for _, ask := range a.asks {
		if ask.Mail == "" && ask.DonorID > 0 {
			to = append(to, reports.Asked{URL: p.Site + asking.Path(secret, ask.Ask), Name: ask.Name, PostalCode: ask.PostalCode, Address: ask.Address, Amount: ask.Amount, Number: ask.Ask.ID, Answers: answers})
		}
	}
	if len(to) == 0 {
		return ledger.ErrNotFound
	}
	bytes, err := p.Press.AskingLetters(r.Context(), a.change, to)
	if err != nil {
		return err
	}
	return sendPaper(w, c.Slug+"-letters.pdf", bytes)
}

// sendPaper shows a PDF of members' eyes only.
func sendPaper(w http.ResponseWriter, name string, bytes []byte) error {
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", "inline; filename*=UTF-8''"+url.PathEscape(name))
	w.Header().Set("Cache-Control", "private, no-store")
	_, _ = w.Write(bytes) // a reader who went away is no error of ours
	return nil
}
