package reporting

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// Withdraw offers to take photos and voices out of published reports, to the representative; without an Action there is nothing to take out.
type Withdraw struct {
	Problems page.Problems
	Action   string
	Photos   page.Choices
	Voices   page.Choices
	Agree    page.Tick
}

// withdrawal lists what stands in any published edition.
func (p *Pages) withdrawal(ctx context.Context, m matter, values url.Values, problems map[string]string) (Withdraw, error) {
	if !m.May(head...) {
		return Withdraw{}, nil
	}
	form := page.NewForm(values, problems)
	w := Withdraw{
		Photos: page.Choices{Name: "photo", Label: "写真", Legend: true, Multiple: true},
		Voices: page.Choices{Name: "voice", Label: "声", Legend: true, Multiple: true},
	}
	known := func(options []page.Option, value string) bool {
		return slices.ContainsFunc(options, func(o page.Option) bool { return o.Value == value })
	}
	for _, e := range m.Editions {
		r, err := reports.Find(ctx, p.DB, m.Organisation.ID, e.ReportID)
		if err != nil {
			return w, err
		}
		for _, photo := range r.Published.Content.Photos {
			if !known(w.Photos.Options, photo.Hash) {
				w.Photos.Options = append(w.Photos.Options, page.Option{Value: photo.Hash, Text: photo.Alt, Note: photo.Caption})
			}
		}
		for _, voice := range r.Published.Content.Voices {
			if !known(w.Voices.Options, voice.Text) {
				w.Voices.Options = append(w.Voices.Options, page.Option{Value: voice.Text, Text: voice.Text, Note: voice.Who})
			}
		}
	}
	if len(w.Photos.Options)+len(w.Voices.Options) == 0 {
		return Withdraw{}, nil
	}
	w.Action = m.at("withdraw")
	w.Photos, w.Voices = form.Choices(w.Photos), form.Choices(w.Voices)
	w.Agree = form.Tick(page.Tick{Name: "sure", Label: "えらんだものをはずします", Note: "本人の気持ちを確かめました。"})
	w.Problems = form.Problems()
	return w, nil
}

// Withdraw takes what was chosen out of every published edition.
func (p *Pages) Withdraw(w http.ResponseWriter, r *http.Request) error {
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
	removal := reports.Removal{Photos: t.Values["photo"], Voices: t.Values["voice"]}
	t.bad.Need(len(removal.Photos)+len(removal.Voices) > 0, "", "report.withdraw_missing")
	t.bad.Need(t.Get("sure") != "", "sure", "report.withdraw_agree")
	if err = t.bad.Err(); err == nil {
		err = p.Press.Withdraw(r.Context(), m.Organisation.ID, m.Campaign.ID, removal, m.By())
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.published(w, r, http.StatusUnprocessableEntity, m, "withdraw", t.Values, problems)
	}
	return redirect(w, r, m.at(), "withdrawn")
}
