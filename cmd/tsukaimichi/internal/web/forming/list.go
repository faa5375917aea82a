package forming

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ListPage is all forms: in the making, in use, and taken out of use.
type ListPage struct {
	page.Console
	Making   []page.ListRow
	InUse    []FormRow
	Before   []FormRow // versions that a later one took the place of
	Retired  []FormRow
	Action   string
	Use      string
	Called   page.Field
	Key      page.Field
	Problems page.Problems
}

// Template names the template of the page.
func (ListPage) Template() string { return "forming/list" }

// FormRow is a published version with what can be done with it.
type FormRow struct {
	Name, Note, Href string
	Key, Version     string
}

// List lists the forms.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	return p.list(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	seat, err := console.SeatOf(r.Context())
	if err != nil {
		return err
	}
	drafts, err := application.FormDrafts(r.Context(), p.DB)
	if err != nil {
		return err
	}
	forms, err := application.Versioned(r.Context(), p.DB)
	if err != nil {
		return err
	}
	shown := ListPage{Action: console.FormsPath, Use: console.FormsPath + "/use"}
	for _, d := range drafts {
		shown.Making = append(shown.Making, page.ListRow{Tag: page.Tag{Kind: page.TagDraft, Text: "つくりかけ"}, Name: d.Form.Title + "　第" + d.Form.Version + "版",
			Href: making(d.ID), Note: page.DayOnly(ledger.DateOf(d.SavedAt)) + "　" + d.SavedBy})
	}
	shown.fill(forms)
	form := page.NewForm(values, problems)
	shown.Called = form.Field(page.Field{Name: "title", Label: "様式の名前", Hint: "例：市民活動助成（型）", Required: true})
	shown.Key = form.Field(page.Field{Name: "key", Label: "記号", Hint: "半角の小さい英字と数字。例：city_activity。ほかの様式と同じものは使えません。", Required: true})
	shown.Problems = form.Problems()
	shown.Console = frame(seat, r, "様式をつくる")
	shown.Crumbs = nil
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func (l *ListPage) fill(forms []application.Form) {
	current := map[string]bool{}
	for _, f := range forms {
		row := FormRow{Name: f.Title + "　第" + f.Version + "版", Key: f.Key, Version: f.Version, Href: published(f.Key, f.Version), Note: fmt.Sprintf("%d年度　%s", f.FiscalYear, f.By)}
		switch {
		case f.Retired:
			row.Note += "　しまった人：" + f.RetiredBy
			l.Retired = append(l.Retired, row)
		case current[f.Key]:
			l.Before = append(l.Before, row)
		default:
			current[f.Key] = true
			l.InUse = append(l.InUse, row)
		}
	}
}

func published(key, version string) string {
	return console.FormsPath + "/published/" + url.PathEscape(key) + "/" + url.PathEscape(version)
}

// Begin begins a form: the next version of a published one, another one from it, or one from nothing.
func (p *Pages) Begin(w http.ResponseWriter, r *http.Request) error {
	seat, err := console.SeatOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	form, err := p.begun(r, seat)
	var id int64
	if err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			id, err = application.BeginForm(r.Context(), tx, form, author(seat), seat.Now)
			return err
		})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.list(w, r, http.StatusUnprocessableEntity, r.PostForm, problems)
	}
	return redirect(w, r, making(id), "begun")
}

// begun is the form that a request begins with.
func (p *Pages) begun(r *http.Request, seat console.Seat) (template.Version, error) {
	key, title := strings.TrimSpace(r.PostForm.Get("key")), strings.TrimSpace(r.PostForm.Get("title"))
	forms, err := application.Versioned(r.Context(), p.DB)
	if err != nil {
		return template.Version{}, err
	}
	versions := map[string][]string{}
	for _, f := range forms {
		versions[f.Key] = append(versions[f.Key], f.Version)
	}
	base, version := r.PostForm.Get("base"), r.PostForm.Get("base_version")
	if base == "" || r.PostForm.Get("do") == "another" {
		if len(versions[key]) > 0 {
			return template.Version{}, ledger.Invalid{"key": "template.form_key_taken"}
		}
	}
	if base == "" {
		return template.Blank(key, title, seat.Today().Year()), nil
	}
	form, err := application.FindForm(r.Context(), p.DB, base, version)
	if err != nil {
		return form, err
	}
	if r.PostForm.Get("do") == "another" {
		form.Key, form.Title, form.Version, form.VerifiedOn = key, title, "1.0", ""
		return form, nil
	}
	for form.Version = template.NextVersion(versions[base][0]); contains(versions[base], form.Version); {
		form.Version = template.NextVersion(form.Version)
	}
	form.VerifiedOn = "" // the new version is to be compared with its source again
	return form, nil
}

func contains(all []string, one string) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}

// Use takes a published version out of use, or brings it back.
func (p *Pages) Use(w http.ResponseWriter, r *http.Request) error {
	seat, err := console.SeatOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	key, version, back := r.PostForm.Get("key"), r.PostForm.Get("version"), r.PostForm.Get("do") == "restore"
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if back {
			return application.Restore(r.Context(), tx, key, version)
		}
		return application.Retire(r.Context(), tx, key, version, seat.Person.Name, seat.Now)
	})
	if err != nil && !errors.Is(err, application.ErrNoForm) { // twice is once
		return err
	}
	return redirect(w, r, console.FormsPath, map[bool]string{true: "restored", false: "retired"}[back])
}
