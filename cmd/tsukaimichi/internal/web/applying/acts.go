package applying

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// act does one thing to an application and shows it again: with what was done, or with what is wrong and everything typed.
func (p *Pages) act(w http.ResponseWriter, r *http.Request, done, anchor string, do func(m matter, tx *sqlx.Tx) error) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error { return do(m, tx) })
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.application(w, r, http.StatusUnprocessableEntity, m, r.PostForm, problems)
	}
	return redirect(w, r, m.at()+anchor, done)
}

// Keep keeps the draft as a version.
func (p *Pages) Keep(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "kept", "#versions", func(m matter, tx *sqlx.Tx) error {
		_, err := application.Keep(r.Context(), tx, m.Organisation.ID, m.Draft.ID, strings.TrimSpace(r.PostForm.Get("reason")), m.By(), m.Now)
		return err
	})
}

// Give gives the draft to the group's signers.
func (p *Pages) Give(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "given", "#signing", func(m matter, tx *sqlx.Tx) error {
		return application.GiveToSign(r.Context(), tx, m.Organisation.ID, m.Draft.ID, m.ready(), m.By(), m.Now)
	})
}

// Sign signs exactly the content that was read, or returns it.
func (p *Pages) Sign(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "signed", "#signing", func(m matter, tx *sqlx.Tx) error {
		hash, err := hex.DecodeString(r.PostForm.Get("hash"))
		if err != nil {
			return application.ErrChanged
		}
		roles, err := p.signersOf(r, m)
		if err != nil {
			return err
		}
		done, err := application.Signatures(r.Context(), tx, m.Organisation.ID, m.Draft.ID)
		if err != nil {
			return err
		}
		turn := application.Turn(m.Draft, done, roles)
		if turn == "" || !m.May(turn) {
			return application.ErrNotYourTurn
		}
		s := application.Signature{Role: turn, Approved: r.PostForm.Get("do") != "return", Comment: strings.TrimSpace(r.PostForm.Get("comment"))}
		return application.Sign(r.Context(), tx, m.Organisation.ID, m.Draft.ID, hash, s, roles, m.By(), m.Now)
	})
}

// AddNote writes a note or a task beside the draft.
func (p *Pages) AddNote(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "noted", "#notes", func(m matter, tx *sqlx.Tx) error {
		n := application.Note{Text: r.PostForm.Get("text"), Field: r.PostForm.Get("field")}
		if _, err := m.Form.FindField(n.Field); n.Field != "" && err != nil {
			return ledger.Invalid{"field": "draft.not_offered"}
		}
		var err error
		if n.ForID, err = p.chosen(r, m, "for"); err != nil {
			return err
		}
		if text := strings.TrimSpace(r.PostForm.Get("task_due_on")); text != "" {
			due, err := ledger.ParseDate(text)
			if err != nil {
				return ledger.Invalid{"task_due_on": "draft.no_day"}
			}
			n.DueOn = due
		}
		return application.AddNote(r.Context(), tx, m.Organisation.ID, m.Draft.ID, n, m.By(), m.Now)
	})
}

// chosen is the person a field of the form names: somebody who writes for the group, or nobody.
func (p *Pages) chosen(r *http.Request, m matter, name string) (int64, error) {
	if r.PostForm.Get(name) == "" {
		return 0, nil
	}
	people, err := p.people(r, m)
	if err != nil {
		return 0, err
	}
	id, err := strconv.ParseInt(r.PostForm.Get(name), 10, 64)
	if err != nil || !slices.ContainsFunc(people, func(o page.Option) bool { return o.Value == strconv.FormatInt(id, 10) }) {
		return 0, ledger.Invalid{name: "draft.not_offered"}
	}
	return id, nil
}

// Hold gives the draft into somebody's hand.
func (p *Pages) Hold(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "held", "", func(m matter, tx *sqlx.Tx) error {
		person, err := p.chosen(r, m, "person")
		if err != nil {
			return err
		}
		return application.Hold(r.Context(), tx, m.Organisation.ID, m.Draft.ID, person)
	})
}

// FinishNote ticks a note off; twice is once.
func (p *Pages) FinishNote(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "finished", "#notes", func(m matter, tx *sqlx.Tx) error {
		id, err := strconv.ParseInt(r.PathValue("note"), 10, 64)
		if err != nil {
			return ledger.ErrNotFound
		}
		err = application.Finish(r.Context(), tx, m.Organisation.ID, m.Draft.ID, id, m.Now)
		if err != nil {
			return ledger.ErrNotFound
		}
		return nil
	})
}

// Submit records that the application was handed in, and freezes it with its files.
func (p *Pages) Submit(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	sent, err := p.freeze(r.Context(), m)
	if err != nil {
		return err
	}
	return p.act(w, r, "submitted", "#sent", func(m matter, tx *sqlx.Tx) error {
		hash, err := hex.DecodeString(r.PostForm.Get("hash"))
		if err != nil {
			return application.ErrChanged
		}
		on, err := ledger.ParseDate(r.PostForm.Get("submitted_on"))
		if err != nil {
			return ledger.Invalid{"submitted_on": "draft.no_day"}
		}
		s := application.Submission{Manner: r.PostForm.Get("manner"), Number: strings.TrimSpace(r.PostForm.Get("number")), SubmittedOn: on, Files: sent}
		return application.HandIn(r.Context(), tx, m.Organisation.ID, m.Draft.ID, hash, s, m.By(), m.Now)
	})
}

// Decide records what came of it.
func (p *Pages) Decide(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "decided", "#outcome", func(m matter, tx *sqlx.Tx) error {
		bad := ledger.Invalid{}
		o := application.Outcome{Status: application.Status(r.PostForm.Get("status")), Reason: strings.TrimSpace(r.PostForm.Get("why")), Lesson: strings.TrimSpace(r.PostForm.Get("lesson"))}
		if text := strings.TrimSpace(r.PostForm.Get("amount")); text != "" {
			amount, err := ledger.ParseYen(text)
			bad.Need(err == nil, "amount", "draft.granted_amount")
			o.Amount = amount
		}
		on, err := ledger.ParseDate(r.PostForm.Get("decided_on"))
		bad.Need(err == nil, "decided_on", "draft.no_day")
		if o.DecidedOn = on; len(bad) > 0 {
			return bad
		}
		return application.Decide(r.Context(), tx, m.Organisation.ID, m.Draft.ID, o, m.By(), m.Now)
	})
}

// VersionPage is what differs between a kept version and the draft as it stands.
type VersionPage struct {
	page.Console
	Heading string
	Kept    string
	Changes []ConflictRow
	Same    bool
}

// Template names the template of the page.
func (VersionPage) Template() string { return "applying/version" }

// Version shows what changed since a version was kept.
func (p *Pages) Version(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.PathValue("version"))
	if err != nil {
		return ledger.ErrNotFound
	}
	versions, err := application.Versions(r.Context(), p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v.Version != number {
			continue
		}
		shown := VersionPage{Heading: fmt.Sprintf("第%d版　%s", v.Version, v.Reason), Kept: page.DayOnly(ledger.DateOf(v.At)) + "　" + v.By, Same: m.Draft.Same(v.Hash)}
		form, err := p.bothForms(r, m, v.FormVersion)
		if err != nil {
			return err
		}
		if v.FormVersion != m.Draft.FormVersion {
			shown.Kept += "　様式の第" + v.FormVersion + "版で書いたもの"
		}
		for _, c := range application.Diff(form, v.Answers, m.Draft.Answers, v.Budget, m.Draft.Budget) {
			row := ConflictRow{Label: form.LabelOf(c.Field), Now: answerWords(c.Before), Yours: answerWords(c.After)}
			if c.Field == "budget" {
				row.Label, row.Now, row.Yours = "収支予算", sheetWords(v.Budget), sheetWords(m.Draft.Budget)
			}
			shown.Changes = append(shown.Changes, row)
		}
		shown.Console = m.frame(r, shown.Heading)
		return p.Renderer.Render(w, http.StatusOK, shown)
	}
	return ledger.ErrNotFound
}

// bothForms is the form of the draft with the questions that it had under another version, so that what stood there is shown under its words.
func (p *Pages) bothForms(r *http.Request, m matter, version string) (template.Version, error) {
	if version == m.Draft.FormVersion {
		return m.Form, nil
	}
	old, err := application.FindForm(r.Context(), p.DB, m.Draft.FormKey, version)
	if err != nil {
		return m.Form, err
	}
	both := m.Form
	before := template.Section{Key: "before"}
	for _, f := range old.Fields() {
		if _, err := m.Form.FindField(f.Key); err != nil {
			before.Fields = append(before.Fields, f)
		}
	}
	both.Sections = append(slices.Clone(both.Sections), before)
	return both, nil
}
