package granting

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// KeepForm keeps what is looked for under a name.
type KeepForm struct {
	Action string
	Hidden []page.Field
	Name   page.Field
	Says   string
}

// keepForm asks for the name of a query; values and problems are in form when it comes back.
func keepForm(d console.Desk, s search.Seeker, q search.Query, form *page.Form) KeepForm {
	if form == nil {
		form = page.NewForm(nil, nil)
	}
	keep := KeepForm{Action: d.Path("grants", "searches"), Says: queryWords(q, s.Sheet.Title), Name: form.Field(page.Field{Name: "name", Label: "条件の名前", Hint: "例：高齢者の居場所"})}
	values := queryValues(q, s.Sheet.ID)
	for _, name := range []string{"q", "area", "purpose", "least", "within", "fits", "plan"} {
		if values.Has(name) {
			keep.Hidden = append(keep.Hidden, page.Field{Name: name, Value: values.Get(name)})
		}
	}
	return keep
}

// SearchesPage is what a member looks for, and what was found for him.
type SearchesPage struct {
	page.Console
	Searches []SearchRow
	Empty    page.Empty
	Letters  page.Notice
	Act      string // of the form that stops letters or lets them come again
	Do       string
	Button   string
	Keep     KeepForm
	Problems page.Problems
}

// Template names the template of the page.
func (SearchesPage) Template() string { return "granting/searches" }

// SearchRow is one kept search.
type SearchRow struct {
	ID     int64
	Name   string
	Says   string
	Link   page.Link
	News   []page.ListRow // not told yet, then told, the newest first
	Rename string
	Field  page.Field
	Delete string
}

// Searches lists the searches the person keeps here, with what is new.
func (p *Pages) Searches(w http.ResponseWriter, r *http.Request) error {
	return p.searches(w, r, http.StatusOK, 0, KeepForm{}, page.NewForm(nil, nil))
}

// searches shows the list; wrongOn is the search whose new name was not taken, keep a query that was not.
func (p *Pages) searches(w http.ResponseWriter, r *http.Request, status int, wrongOn int64, keep KeepForm, form *page.Form) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	shown := SearchesPage{Keep: keep, Act: d.Path("grants", "searches", "letters"), Empty: page.Empty{Text: "残した条件は、まだありません。さがしたあとで、その条件を残せます。", Link: page.Link{Href: d.Path("grants"), Text: "助成をさがす"}}}
	saved, err := search.List(r.Context(), p.DB, d.Organisation.ID, d.Person.ID)
	if err != nil {
		return err
	}
	all, err := catalogue.Current(r.Context(), p.DB, d.Today())
	if err != nil {
		return err
	}
	for _, s := range saved {
		row, err := p.searchRow(r, d, s, all)
		if err != nil {
			return err
		}
		field := page.Field{Name: "name", ID: fmt.Sprintf("name-%d", s.ID), Label: "新しい名前", Value: s.Name}
		if s.ID == wrongOn {
			field = form.Field(field)
		}
		row.Field = field
		shown.Searches = append(shown.Searches, row)
	}
	quiet, err := search.Quiet(r.Context(), p.DB, d.Person.ID)
	if err != nil {
		return err
	}
	shown.letters(quiet)
	shown.Problems = form.Problems()
	shown.Console = frame(d, r, "残した条件", page.Link{Href: d.Path("grants"), Text: "助成をさがす"})
	shown.NeedsFix = shown.Problems.Some()
	return p.Renderer.Render(w, status, shown)
}

func (s *SearchesPage) letters(quiet bool) {
	s.Letters = page.Notice{Tag: page.Tag{Kind: page.TagOpen, Text: "メール"}, Head: "新しい募集や、変わった募集が出た日に送ります", Text: "1日に1通までです。同じことは、二度は書きません。ほかの団体の条件も、同じメールにまとめます。"}
	s.Do, s.Button = "stop", "メールをやめる"
	if quiet {
		s.Letters = page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "メール"}, Head: "お知らせのメールを止めています", Text: "見つかったものは、この一覧に出ます。"}
		s.Do, s.Button = "resume", "また受け取る"
	}
}

// mostTold is how many calls that were told a search still lists.
const mostTold = 10

func (p *Pages) searchRow(r *http.Request, d console.Desk, s search.Saved, all []catalogue.Opportunity) (SearchRow, error) {
	seeker, err := search.Seek(r.Context(), p.DB, d.Organisation.ID, s.WorksheetID, d.Today())
	if err != nil {
		return SearchRow{}, err
	}
	found := s.Query.Select(all, seeker, d.Today())
	news, err := s.News(r.Context(), p.DB, found)
	if err != nil {
		return SearchRow{}, err
	}
	told, err := s.Told(r.Context(), p.DB, mostTold)
	if err != nil {
		return SearchRow{}, err
	}
	plan := ""
	if s.WorksheetID > 0 && seeker.Sheet.ID == s.WorksheetID {
		plan = seeker.Sheet.Title
	}
	row := SearchRow{ID: s.ID, Name: s.Name, Says: queryWords(s.Query, plan), Rename: d.Path("grants", "searches", s.ID, "rename"), Delete: d.Path("grants", "searches", s.ID, "delete"),
		Link: page.Link{Href: d.Path("grants") + "?" + queryValues(s.Query, s.WorksheetID).Encode(), Text: fmt.Sprintf("いま合うもの %d件を見る", len(found))}}
	for _, n := range append(news, told...) {
		row.News = append(row.News, newsRow(d, n))
	}
	return row, nil
}

// newsRow is a call that is new to a search, or what changed of it.
func newsRow(d console.Desk, n search.News) page.ListRow {
	row := page.ListRow{Tag: page.Tag{Kind: page.TagOpen, Text: "新しい"}, Name: n.Call.Title, Href: d.Path("grants", n.ID), Note: n.Funder, Text: closingWords(n.Call, d.Today())}
	if len(n.Changed) > 0 {
		row.Tag.Text = "変わった"
		row.Note += "　変わったところ：" + joined(n.Words(func(field string) string { return locale.Japanese.T("call.field_" + field) }))
	}
	row.Strong = "まだ知らせていません"
	if !n.FoundOn.IsZero() {
		row.Tag.Kind, row.Strong = page.TagDone, page.DayOnly(n.FoundOn)+"に知らせました"
	}
	return row
}

// Keep keeps a search under a name. What it finds now is no news.
func (p *Pages) Keep(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	s, err := p.seek(r, d)
	if err != nil {
		return err
	}
	all, err := catalogue.Current(r.Context(), p.DB, d.Today())
	if err != nil {
		return err
	}
	query := readQuery(r.PostForm)
	saved := search.Saved{OrganisationID: d.Organisation.ID, PersonID: d.Person.ID, Name: r.PostForm.Get("name"), Query: query, WorksheetID: s.Sheet.ID}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		_, err := search.Save(r.Context(), tx, saved, query.Select(all, s, d.Today()), d.Now)
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		form := page.NewForm(r.PostForm, problems)
		return p.searches(w, r, http.StatusUnprocessableEntity, 0, keepForm(d, s, query, form), form)
	}
	return page.Redirect(w, r, d.Path("grants", "searches"), "search_kept")
}

// Rename gives a search another name.
func (p *Pages) Rename(w http.ResponseWriter, r *http.Request) error {
	return p.onSearch(w, r, "search_renamed", func(tx *sqlx.Tx, d console.Desk, id int64) error {
		return search.Rename(r.Context(), tx, d.Organisation.ID, d.Person.ID, id, r.PostFormValue("name"))
	})
}

// Delete takes a search away.
func (p *Pages) Delete(w http.ResponseWriter, r *http.Request) error {
	return p.onSearch(w, r, "search_deleted", func(tx *sqlx.Tx, d console.Desk, id int64) error {
		return search.Delete(r.Context(), tx, d.Organisation.ID, d.Person.ID, id)
	})
}

// onSearch does something to the search of the path. One of somebody else is not found.
func (p *Pages) onSearch(w http.ResponseWriter, r *http.Request, done string, do func(tx *sqlx.Tx, d console.Desk, id int64) error) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return ledger.ErrNotFound
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error { return do(tx, d, id) })
	if errors.Is(err, search.ErrNoSearch) {
		return errors.Join(ledger.ErrNotFound, err)
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.searches(w, r, http.StatusUnprocessableEntity, id, KeepForm{}, page.NewForm(r.PostForm, problems))
	}
	return page.Redirect(w, r, d.Path("grants", "searches"), done)
}

// Letters stops the letters of the person's searches, or lets them come again.
func (p *Pages) Letters(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	if err = p.letters(r, d.Person.ID, r.PostFormValue("do") == "resume", d.Now); err != nil {
		return err
	}
	return page.Redirect(w, r, d.Path("grants", "searches"), "letters")
}
