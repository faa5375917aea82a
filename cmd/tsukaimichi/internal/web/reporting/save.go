package reporting

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// Report shows what there is to write, or what was published.
func (p *Pages) Report(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if !m.writing() {
		return p.published(w, r, http.StatusOK, m, "", nil, nil)
	}
	if !m.May(writers...) {
		return redirect(w, r, m.at("preview"), "")
	}
	return p.builder(w, r, http.StatusOK, m, contentValues(m.Report.Content), nil)
}

// Save keeps what was written, complete or not, and the photos that came along. It begins the report if nobody has.
func (p *Pages) Save(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		values := t.Values
		if len(values) == 0 { // nothing of it could be read
			values = contentValues(m.Report.Content)
		}
		return p.notSaved(w, r, values, err)
	}
	if !m.writing() {
		return p.notSaved(w, r, t.Values, reports.ErrPublished)
	}
	u, err := p.Press.UsageOf(r.Context(), m.Report, false)
	if err != nil {
		return err
	}
	content := readContent(t, u.Figures.Progress.Uses)
	added, err := p.keepPhotos(r, t, m.Organisation.ID, &content)
	if err != nil {
		return err
	}
	if !m.correcting() {
		content.Changes = ""
	}
	done, anchor, gone := arrange(&content, t.Get("do"))
	if added > 0 {
		done, anchor = "photo_added", "#photos"
	}
	values := contentValues(content)
	for _, raw := range []string{"sessions", "visits", "rest_by", "audited_on"} { // as typed, readable or not
		values.Set(raw, t.text(raw))
	}
	if err = p.save(r, m, t, content); err != nil {
		return p.notSaved(w, r, values, err)
	}
	if gone != "" {
		if err = p.forget(r.Context(), m.Organisation.ID, gone); err != nil {
			return err
		}
	}
	switch t.Get("do") {
	case "preview":
		return redirect(w, r, m.at("preview"), "")
	case "publish":
		return redirect(w, r, m.at("publish"), "")
	}
	return redirect(w, r, m.at()+anchor, done)
}

func (p *Pages) save(r *http.Request, m matter, t typed, content reports.Content) error {
	return ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		id, err := reports.Start(r.Context(), tx, m.Organisation.ID, m.Campaign.ID)
		if err != nil {
			return err
		}
		now, err := reports.Find(r.Context(), tx, m.Organisation.ID, id)
		if err != nil {
			return err
		}
		t.bad.Need(fresh(t.Get("seen"), now, content), "", "report.written_meanwhile")
		if err := t.bad.Err(); err != nil {
			return err
		}
		return reports.Save(r.Context(), tx, m.Organisation.ID, id, content)
	})
}

// fresh reports whether a form was sent out with the report as it stands now, or wrote it itself: it began it, or was sent twice.
func fresh(seen string, now reports.Report, content reports.Content) bool {
	begun := seen == mark(reports.Report{}) && mark(now) == mark(reports.Report{ID: now.ID})
	twice := mark(now) == mark(reports.Report{ID: now.ID, Content: content})
	return seen == mark(now) || begun || twice
}

// notSaved shows the form as it was typed, with what is wrong; or, where there is none any more, what was typed beside what came out meanwhile.
func (p *Pages) notSaved(w http.ResponseWriter, r *http.Request, values url.Values, err error) error {
	problems, err := wrong(err)
	if err != nil {
		return err
	}
	m, err := p.find(r) // as it stands now, so that the next try is about that
	if err != nil {
		return err
	}
	if !m.writing() {
		return p.published(w, r, http.StatusConflict, m, "save", values, map[string]string{"": locale.Japanese.T("report.published")})
	}
	return p.builder(w, r, http.StatusUnprocessableEntity, m, values, problems)
}

// arrange does what a button asked for besides saving: take out a voice or a photo. gone is the hash of the photo.
func arrange(c *reports.Content, do string) (done, anchor, gone string) {
	var number int
	if _, err := fmt.Sscanf(do, "remove-voice-%d", &number); err == nil && number >= 1 && number <= len(c.Voices) {
		c.Voices = slices.Delete(c.Voices, number-1, number)
		return "voice_removed", "#voices", ""
	}
	if _, err := fmt.Sscanf(do, "remove-photo-%d", &number); err == nil && number >= 1 && number <= len(c.Photos) {
		gone = c.Photos[number-1].Hash
		c.Photos = slices.Delete(c.Photos, number-1, number)
		return "photo_removed", "#photos", gone
	}
	return "saved", "", ""
}
