package applying

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Save keeps what was written in a section, complete or not. A button of an offer takes its text first.
func (p *Pages) Save(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	s, _, err := m.section(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	typed := readAnswers(s, r.PostForm)
	if r.Header.Get("Accept") != "application/json" && len(strays(s, r.PostForm)) > 0 {
		return p.write(w, r, http.StatusUnprocessableEntity, m, typed, nil, map[string]string{"": locale.Japanese.T("draft.question_gone")})
	}
	if key, text, taken := strings.Cut(r.PostForm.Get("take"), "\x1f"); taken {
		typed[key] = template.Answer{Text: text}
	}
	before := template.Answers{}
	unseen(r.PostForm.Get("seen"), &before)
	revision, _ := strconv.Atoi(r.PostForm.Get("revision")) // what is none merges
	var conflicts []application.Conflict
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if err := p.beside(r, tx, m, s, typed); err != nil {
			return err
		}
		draft, others, err := application.Save(r.Context(), tx, m.Organisation.ID, m.Draft.ID, application.Edit{Revision: revision, Before: before, After: typed}, m.By(), m.Now)
		if err == nil {
			m.Draft, conflicts = draft, others
		}
		return err
	})
	if r.Header.Get("Accept") == "application/json" {
		return p.saidQuietly(w, m, s, conflicts, err)
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		if m, err = p.find(r); err != nil { // as it stands now
			return err
		}
		return p.write(w, r, http.StatusUnprocessableEntity, m, typed, nil, problems)
	}
	if err = m.work(); err != nil {
		return err
	}
	if len(conflicts) > 0 {
		shown := template.Answers{}
		for key, a := range m.Draft.Answers {
			shown[key] = a
		}
		for _, c := range conflicts {
			shown[c.Field] = c.Yours
		}
		return p.write(w, r, http.StatusConflict, m, shown, conflicts, nil)
	}
	at := m.at("write", s.Key)
	if key := r.PostForm.Get("note"); key != "" {
		return redirect(w, r, at+"#a-"+key, "noted")
	}
	return redirect(w, r, at, "saved")
}

// beside does what there is to do beside saving: it takes a text of the library into its field, if its button was pressed, and writes the words beside questions.
func (p *Pages) beside(r *http.Request, tx *sqlx.Tx, m matter, section template.Section, typed template.Answers) error {
	if key, id, taken := strings.Cut(r.PostForm.Get("snippet"), "\x1f"); taken {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return ledger.ErrNotFound
		}
		s, err := application.UseSnippet(r.Context(), tx, m.Organisation.ID, n, m.Now)
		if errors.Is(err, application.ErrNoDraft) {
			return ledger.Invalid{"": "snippet.gone"}
		}
		if err != nil {
			return err
		}
		typed[key] = template.Answer{Text: s.Text}
	}
	pressed := r.PostForm.Get("note")
	if _, err := m.Form.FindField(pressed); pressed != "" && err != nil {
		return ledger.ErrNotFound
	}
	if r.Header.Get("Accept") == "application/json" { // still being written
		return nil
	}
	notes, err := application.Notes(r.Context(), tx, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return err
	}
	for _, f := range section.Fields {
		text := strings.TrimSpace(r.PostForm.Get("note_" + f.Key))
		twice := slices.ContainsFunc(notes, func(n application.Note) bool { return n.Field == f.Key && n.Text == text && !n.Done })
		if twice || f.Key != pressed && text == "" {
			continue
		}
		if err := application.AddNote(r.Context(), tx, m.Organisation.ID, m.Draft.ID, application.Note{Field: f.Key, Text: text}, m.By(), m.Now); err != nil {
			return err
		}
	}
	return nil
}

// strays are what was written under questions that the section has no longer, because the draft was moved to another version of its form meanwhile.
func strays(s template.Section, sent url.Values) url.Values {
	known := map[string]bool{}
	for _, f := range s.Fields {
		name := "a_" + f.Key
		known[name], known[name+"_from"], known[name+"_until"] = true, true, true
		for _, c := range f.Columns {
			known[name+"_"+c.Key] = true
		}
	}
	stray := url.Values{}
	for name, values := range sent {
		if strings.HasPrefix(name, "a_") && !known[name] && strings.TrimSpace(strings.Join(values, "")) != "" {
			stray[name] = values
		}
	}
	return stray
}

// saidQuietly tells the script what became of its saving.
func (p *Pages) saidQuietly(w http.ResponseWriter, m matter, s template.Section, conflicts []application.Conflict, err error) error {
	answer := struct {
		Revision int    `json:"revision"`
		Seen     string `json:"seen"`
		Says     string `json:"says"`
	}{m.Draft.Revision, seen(sectionAnswers(s, m.Draft.Answers)), m.Now.In(ledger.Tokyo).Format("15:04") + "に残しました"}
	status := http.StatusOK
	switch {
	case err != nil:
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		status, answer.Says = http.StatusUnprocessableEntity, problems[""]
	case len(conflicts) > 0:
		status, answer.Says = http.StatusConflict, "ほかの人が同じ所を書いています。「残す」を押すと、くらべて決められます。"
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(answer)
}

// readAnswers reads the answers of a section as they were sent; a field that was not on the page is not among them.
func readAnswers(s template.Section, v url.Values) template.Answers {
	answers := template.Answers{}
	for _, f := range s.Fields {
		name := "a_" + f.Key
		switch {
		case f.Type == template.Computed || f.Type == template.Static || f.Type == template.BudgetGrid:
		case f.Type == template.Oath:
			if v.Get(name) != "" {
				answers[f.Key] = template.Answer{Text: template.IsYes}
			} else if v.Has("revision") {
				answers[f.Key] = template.Answer{}
			}
		case f.Type == template.Multi:
			answers[f.Key] = template.Answer{List: v[name]}
		case f.Type == template.DateRange:
			if v.Has(name + "_from") {
				answers[f.Key] = template.Answer{List: days(v.Get(name+"_from"), v.Get(name+"_until"))}
			}
		case len(f.Columns) > 0:
			if v.Has(name + "_" + f.Columns[0].Key) {
				answers[f.Key] = template.Answer{Rows: readTable(f, v)}
			}
		case v.Has(name):
			answers[f.Key] = template.Answer{Text: strings.TrimRight(strings.ReplaceAll(v.Get(name), "\r\n", "\n"), " 　\n")}
		}
	}
	return answers
}

// days keeps two days as ledger.Date writes them when they can be read, else as they were typed.
func days(from, until string) []string {
	if strings.TrimSpace(from+until) == "" {
		return nil
	}
	both := []string{strings.TrimSpace(from), strings.TrimSpace(until)}
	for i, text := range both {
		if on, err := ledger.ParseDate(text); err == nil {
			both[i] = on.String()
		}
	}
	return both
}

func readTable(f template.Field, v url.Values) [][]string {
	var rows [][]string
	for i := range min(len(v["a_"+f.Key+"_"+f.Columns[0].Key]), 210) {
		row := make([]string, len(f.Columns))
		for j, c := range f.Columns {
			if cells := v["a_"+f.Key+"_"+c.Key]; i < len(cells) {
				row[j] = strings.TrimSpace(cells[i])
			}
		}
		if strings.Join(row, "") != "" {
			rows = append(rows, row)
		}
	}
	return rows
}
