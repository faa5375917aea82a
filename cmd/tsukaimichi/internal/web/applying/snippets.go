package applying

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// SnippetsPage is the group's library of texts that were written well once.
type SnippetsPage struct {
	page.Console
	Search   page.Search
	Rows     []SnippetRow
	Empty    page.Empty
	Action   string // empty for those who only read
	Fields   []page.Field
	Open     bool
	Problems page.Problems
}

// Template names the template of the page.
func (SnippetsPage) Template() string { return "applying/snippets" }

// SnippetRow is one text with where it fits.
type SnippetRow struct {
	Title, Question, Text, Note string
	Tags                        []string
	Fits                        []string
	Misses                      []string
	Href                        string
}

// Snippets lists the library. ?from= and ?field= begin a text with an answer of a draft. A search is posted: words are not for addresses.
func (p *Pages) Snippets(w http.ResponseWriter, r *http.Request) error {
	return p.snippets(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) snippets(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	all, err := application.Snippets(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	asks, err := p.asks(r.Context())
	if err != nil {
		return err
	}
	shown := SnippetsPage{Search: snippetSearch(d, r.PostForm), Empty: page.Empty{Text: "まだ文はありません。うまく書けた文を取っておくと、つぎの申請で、長さの合うものが出てきます。"}}
	if len(all) > 0 {
		shown.Empty.Text = "当てはまる文はありません。"
	}
	for _, s := range all {
		if wanted(s, r.PostForm) {
			shown.Rows = append(shown.Rows, snippetRow(d, s, asks))
		}
	}
	if d.May(writers...) {
		if values == nil {
			values, err = p.fromDraft(r, d)
		}
		if err != nil {
			return err
		}
		form := page.NewForm(values, problems)
		shown.Action, shown.Fields = d.Path("snippets"), snippetFields(form)
		shown.Open = len(all) == 0 || values.Get("text") != "" || len(problems) > 0
		shown.Problems = form.Problems()
	}
	shown.Console = frame(d, r, "取っておいた文")
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

// ask is a question of a form in use.
type ask struct {
	Form  string
	Field template.Field
}

// asks are the questions of all forms in use, by common key.
func (p *Pages) asks(ctx context.Context) (map[string][]ask, error) {
	forms, err := application.Forms(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	all := map[string][]ask{}
	for _, f := range forms {
		form, err := application.FindForm(ctx, p.DB, f.Key, f.Version)
		if err != nil {
			return nil, err
		}
		for _, field := range form.Fields() {
			if field.CommonKey != "" {
				all[field.CommonKey] = append(all[field.CommonKey], ask{form.Title, field})
			}
		}
	}
	return all, nil
}

func snippetRow(d console.Desk, s application.Snippet, asks map[string][]ask) SnippetRow {
	row := SnippetRow{Title: s.Title, Question: questionName(s.Key), Text: s.Text, Tags: s.Tags, Note: fmt.Sprintf("%d字　使った回数 %d　%s", len([]rune(s.Text)), s.Used, s.By)}
	if !s.SaidOn.IsZero() {
		row.Note = page.DayOnly(s.SaidOn) + "のこと　" + row.Note
	}
	for _, a := range asks[s.Key] {
		where := a.Form + "「" + a.Field.Label + "」"
		if a.Field.Limit == nil {
			row.Fits = append(row.Fits, where)
			continue
		}
		where += "（" + template.LimitWords(a.Field.Limit) + "）"
		if left := a.Field.Limit.Count(s.Text).Left; left < 0 {
			row.Misses = append(row.Misses, fmt.Sprintf("%s　%d多い", where, -left))
		} else {
			row.Fits = append(row.Fits, where)
		}
	}
	if d.May(writers...) {
		row.Href = d.Path("snippets", s.ID)
	}
	return row
}

func questionName(key string) string {
	if k, known := template.CommonKeyOf(key); known {
		return k.Label
	}
	return key
}

func questionOptions(first string) []page.Option {
	options := []page.Option{{Text: first}}
	for _, k := range template.CommonKeys {
		if !k.Personal {
			options = append(options, page.Option{Value: k.Key, Text: k.Label})
		}
	}
	return options
}

func snippetSearch(d console.Desk, typed url.Values) page.Search {
	options := questionOptions("すべての質問")
	for i := range options {
		options[i].Chosen = options[i].Value == typed.Get("question")
	}
	return page.Search{Post: true, Action: d.Path("snippets", "search"), Label: "文をさがす", Name: "q", Value: typed.Get("q"), Hint: "題・しるし・文のことば", Kinds: []page.Select{{Name: "question", Label: "質問", Options: options}}}
}

func wanted(s application.Snippet, typed url.Values) bool {
	words := s.Title + "\n" + s.Text + "\n" + strings.Join(s.Tags, "\n")
	for _, word := range strings.Fields(typed.Get("q")) {
		if !strings.Contains(words, word) {
			return false
		}
	}
	return typed.Get("question") == "" || typed.Get("question") == s.Key
}

func snippetFields(form *page.Form) []page.Field {
	return []page.Field{
		form.Field(page.Field{Name: "key", Label: "どの質問の文か", Options: questionOptions("選んでください"), Required: true}), form.Field(page.Field{Name: "title", Label: "題", Hint: "例：孤食のこと（短い）", Required: true}),
		form.Field(page.Field{Name: "text", Label: "文", Hint: "人の名前や連絡先は書きません。", Rows: 8, Required: true, MostRunes: 4_000}),
		form.Field(page.Field{Name: "tags", Label: "しるし", Aside: "「、」で区切る", Hint: "例：食堂、高齢者"}), form.Field(page.Field{Name: "said_on", Label: "いつのことか", Aside: "数字が入っているときは、書いておきます"}),
	}
}

// fromDraft begins a text with an answer of a draft; nothing when there is none.
func (p *Pages) fromDraft(r *http.Request, d console.Desk) (url.Values, error) {
	id, err := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64)
	if err != nil {
		return url.Values{}, nil
	}
	draft, err := application.Find(r.Context(), p.DB, d.Organisation.ID, id)
	if errors.Is(err, application.ErrNoDraft) {
		return url.Values{}, nil
	}
	if err != nil {
		return nil, err
	}
	form, err := application.FindForm(r.Context(), p.DB, draft.FormKey, draft.FormVersion)
	if err != nil {
		return nil, err
	}
	f, err := form.FindField(r.URL.Query().Get("field"))
	if err != nil || f.Type.Personal() {
		return url.Values{}, nil
	}
	return url.Values{"key": {f.CommonKey}, "title": {f.Label}, "text": {draft.Answers[f.Key].Text}, "said_on": {page.DayOnly(d.Today())}}, nil
}

func readSnippet(v url.Values) (application.Snippet, ledger.Invalid) {
	bad := ledger.Invalid{}
	s := application.Snippet{Key: v.Get("key"), Title: v.Get("title"), Text: strings.TrimSpace(strings.ReplaceAll(v.Get("text"), "\r\n", "\n"))}
	for _, tag := range strings.FieldsFunc(v.Get("tags"), func(r rune) bool { return strings.ContainsRune("、,，/／\n 　", r) }) {
		if !slices.Contains(s.Tags, tag) {
			s.Tags = append(s.Tags, tag)
		}
	}
	if text := strings.TrimSpace(v.Get("said_on")); text != "" {
		on, err := ledger.ParseDate(text)
		bad.Need(err == nil, "said_on", "draft.no_day")
		s.SaidOn = on
	}
	return s, bad
}

// KeepSnippet keeps a text.
func (p *Pages) KeepSnippet(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	s, bad := readSnippet(r.PostForm)
	if err = bad.Err(); err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			_, err := application.KeepSnippet(r.Context(), tx, d.Organisation.ID, s, d.By(), d.Now)
			return err
		})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		typed := r.PostForm
		r.PostForm = url.Values{} // what was typed is no search
		return p.snippets(w, r, http.StatusUnprocessableEntity, typed, problems)
	}
	return redirect(w, r, d.Path("snippets"), "snippet_kept")
}

// SnippetPage is one text to edit.
type SnippetPage struct {
	page.Console
	Heading  string
	Note     string
	Action   string
	Seen     string // which words the form was sent out with
	Fields   []page.Field
	Problems page.Problems
}

// Template names the template of the page.
func (SnippetPage) Template() string { return "applying/snippet" }

func (p *Pages) findSnippet(r *http.Request) (console.Desk, application.Snippet, error) {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return d, application.Snippet{}, err
	}
	id, err := strconv.ParseInt(r.PathValue("snippet"), 10, 64)
	if err != nil || id <= 0 {
		return d, application.Snippet{}, ledger.ErrNotFound
	}
	s, err := application.FindSnippet(r.Context(), p.DB, d.Organisation.ID, id)
	if errors.Is(err, application.ErrNoDraft) {
		err = errors.Join(ledger.ErrNotFound, err)
	}
	return d, s, err
}

// Snippet shows a text to edit.
func (p *Pages) Snippet(w http.ResponseWriter, r *http.Request) error {
	return p.snippet(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) snippet(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d, s, err := p.findSnippet(r)
	if err != nil {
		return err
	}
	if values == nil {
		values = snippetValues(s)
	}
	form := page.NewForm(values, problems)
	shown := SnippetPage{Heading: s.Title, Note: fmt.Sprintf("使った回数 %d　%s", s.Used, s.By), Action: d.Path("snippets", s.ID), Seen: snippetValues(s).Encode(), Fields: snippetFields(form)}
	shown.Problems = form.Problems()
	shown.Console = frame(d, r, s.Title, page.Link{Href: d.Path("snippets"), Text: "取っておいた文"})
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func snippetValues(s application.Snippet) url.Values {
	return url.Values{"key": {s.Key}, "title": {s.Title}, "text": {s.Text}, "tags": {strings.Join(s.Tags, "、")}, "said_on": {page.DayOnly(s.SaidOn)}}
}

// EditSnippet keeps other words of a text, or takes it out of the library.
func (p *Pages) EditSnippet(w http.ResponseWriter, r *http.Request) error {
	d, old, err := p.findSnippet(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	s, bad := readSnippet(r.PostForm)
	s.ID = old.ID
	drop := r.PostForm.Get("do") == "drop"
	stands := snippetValues(old).Encode()
	bad.Need(!r.PostForm.Has("seen") || r.PostForm.Get("seen") == stands || snippetValues(s).Encode() == stands, "", "snippet.changed")
	if err = bad.Err(); err == nil || drop && bad[""] == "" {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			if drop {
				return application.RetireSnippet(r.Context(), tx, d.Organisation.ID, s.ID, d.Now)
			}
			return application.EditSnippet(r.Context(), tx, d.Organisation.ID, s, d.By(), d.Now)
		})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.snippet(w, r, http.StatusUnprocessableEntity, r.PostForm, problems)
	}
	return redirect(w, r, d.Path("snippets"), map[bool]string{true: "snippet_dropped", false: "snippet_kept"}[drop])
}
