package planning

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// WorksheetPage is one sheet: to write on, or to read for those who only read.
type WorksheetPage struct {
	page.Console
	Heading  string
	Saved    string // when and by whom
	Action   string // empty: to read
	Revision int
	Problems page.Problems
	Head     []page.Field
	Need     []page.Field
	Build    []page.Field
	Forum    page.Field
	Survey   []page.Field
	Partners []page.Field
	Steps    page.Rows
	Helpers  page.Field
	Costs    page.Rows
	Funding  page.Rows
	Sums     []page.Pair
	Notes    page.Field
	Papers   []page.Document
	Versions []page.ListRow
	Keep     Keep
	Close    string
	Takes    bool   // saving takes the sheet out again
	Reopen   string // of a sheet that was put away
	Read     []page.Pair
}

// Template names the template of the page.
func (WorksheetPage) Template() string { return "planning/worksheet" }

// Keep is the small form that keeps a version.
type Keep struct {
	Action string
	Reason page.Field
}

func (p *Pages) find(r *http.Request) (console.Desk, plans.Worksheet, error) {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return d, plans.Worksheet{}, err
	}
	id, err := number(r, "id")
	if err != nil {
		return d, plans.Worksheet{}, err
	}
	w, err := plans.Find(r.Context(), p.DB, d.Organisation.ID, id)
	return d, w, notFound(err)
}

// Worksheet shows a sheet.
func (p *Pages) Worksheet(w http.ResponseWriter, r *http.Request) error {
	d, sheet, err := p.find(r)
	if err != nil {
		return err
	}
	return p.worksheet(w, r, http.StatusOK, d, sheet, sheetValues(sheet), nil)
}

func (p *Pages) worksheet(w http.ResponseWriter, r *http.Request, status int, d console.Desk, sheet plans.Worksheet, values url.Values, problems map[string]string) error {
	initiatives, err := ledger.Initiatives(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	versions, err := plans.Versions(r.Context(), p.DB, d.Organisation.ID, sheet.ID)
	if err != nil {
		return err
	}
	shown := buildWorksheet(d, sheet, versions, initiatives, values, problems)
	shown.Console = frame(d, r, sheet.Title, page.Link{Href: d.Path("plans"), Text: "計画のシート"})
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

// Save keeps what was written. A script that saves while people write gets a short answer instead of the page.
func (p *Pages) Save(w http.ResponseWriter, r *http.Request) error {
	d, sheet, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	typed := sheet
	typed.Title, typed.Notes = r.PostForm.Get("title"), r.PostForm.Get("notes")
	typed.InitiativeID, _ = strconv.ParseInt(r.PostForm.Get("initiative"), 10, 64)
	typed.Revision, _ = strconv.Atoi(r.PostForm.Get("revision")) // what is none conflicts, and nothing is lost
	var bad ledger.Invalid
	typed.Body, bad = readSheet(r.PostForm)
	saved := typed
	err = bad.Err()
	if sheet.Closed && !r.PostForm.Has(takes) {
		err = plans.ErrClosed // before what is wrong with the fields
	}
	if err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			if r.PostForm.Has(takes) {
				if err := plans.Reopen(r.Context(), tx, d.Organisation.ID, sheet.ID); err != nil {
					return err
				}
			}
			saved, err = plans.Save(r.Context(), tx, typed, d.By(), d.Now)
			return err
		})
	}
	quiet := r.Header.Get("Accept") == "application/json"
	switch {
	case errors.Is(err, plans.ErrClosed):
		return p.away(w, r, quiet, d, saved)
	case errors.Is(err, plans.ErrConflict):
		return p.conflict(w, r, quiet, d, saved)
	case err == nil && quiet:
		return answer(w, http.StatusOK, saved.Revision, fmt.Sprintf("%sに残しました", d.Now.In(ledger.Tokyo).Format("15:04")))
	case err == nil:
		return redirect(w, r, d.Path("plans", sheet.ID), "saved")
	}
	problems, err := wrong(notFound(err))
	switch {
	case err != nil:
		return err
	case quiet:
		return answer(w, http.StatusUnprocessableEntity, typed.Revision, "直すところがあります。「残す」を押すと、場所を示します。")
	}
	return p.worksheet(w, r, http.StatusUnprocessableEntity, d, sheet, r.PostForm, problems)
}

// conflict shows what was typed over the sheet as somebody else saved it; saving again takes what was typed.
func (p *Pages) conflict(w http.ResponseWriter, r *http.Request, quiet bool, d console.Desk, now plans.Worksheet) error {
	if quiet {
		return answer(w, http.StatusConflict, 0, "ほかの人が先に残しました。「残す」を押すと、くらべて決められます。")
	}
	return p.worksheet(w, r, http.StatusConflict, d, now, r.PostForm, map[string]string{
		"": now.SavedBy + "さんが先に残しました。下はあなたが書いたものです。見くらべて、もう一度「残す」を押すと、こちらになります。"})
}

// away shows what was typed on a sheet that somebody put away meanwhile; saving again takes the sheet out and what was typed in.
func (p *Pages) away(w http.ResponseWriter, r *http.Request, quiet bool, d console.Desk, now plans.Worksheet) error {
	if quiet {
		return answer(w, http.StatusConflict, 0, locale.Japanese.T("plan.away_typed_quietly"))
	}
	r.PostForm.Set(takes, "yes")
	now.Closed = true
	return p.worksheet(w, r, http.StatusConflict, d, now, r.PostForm, map[string]string{"": locale.Japanese.T("plan.away_typed")})
}

// answer tells a script what became of its saving.
func answer(w http.ResponseWriter, status, revision int, says string) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(struct {
		Revision int    `json:"revision"`
		Says     string `json:"says"`
	}{revision, says})
}

// Keep keeps the sheet as a version.
func (p *Pages) Keep(w http.ResponseWriter, r *http.Request) error {
	d, sheet, err := p.find(r)
	if err != nil {
		return err
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		_, err := plans.Keep(r.Context(), tx, d.Organisation.ID, sheet.ID, r.PostFormValue("reason"), d.By(), d.Now)
		return err
	})
	if errors.Is(err, plans.ErrClosed) || sheet.Closed {
		sheet.Closed = true
		return p.worksheet(w, r, http.StatusConflict, d, sheet, sheetValues(sheet), map[string]string{"": locale.Japanese.T("plan.away")})
	}
	if err != nil {
		problems, err := wrong(notFound(err))
		if err != nil {
			return err
		}
		values := sheetValues(sheet)
		values.Set("reason", r.PostFormValue("reason"))
		return p.worksheet(w, r, http.StatusUnprocessableEntity, d, sheet, values, problems)
	}
	return redirect(w, r, d.Path("plans", sheet.ID)+"#versions", "kept")
}

// Close puts the sheet away.
func (p *Pages) Close(w http.ResponseWriter, r *http.Request) error {
	d, sheet, err := p.find(r)
	if err != nil {
		return err
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error { return plans.Close(r.Context(), tx, d.Organisation.ID, sheet.ID, d.Now) })
	if err != nil {
		return notFound(err)
	}
	return redirect(w, r, d.Path("plans"), "closed")
}

// Reopen takes the sheet out again.
func (p *Pages) Reopen(w http.ResponseWriter, r *http.Request) error {
	d, sheet, err := p.find(r)
	if err != nil {
		return err
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error { return plans.Reopen(r.Context(), tx, d.Organisation.ID, sheet.ID) })
	if err != nil {
		return notFound(err)
	}
	return redirect(w, r, d.Path("plans", sheet.ID), "reopened")
}

// Sheet prints the sheet like the paper; ?voices=1 with what people said, for a meeting that keeps it to itself.
func (p *Pages) Sheet(w http.ResponseWriter, r *http.Request) error {
	d, sheet, err := p.find(r)
	if err != nil {
		return err
	}
	content, err := p.Print(r.Context(), reports.Worksheet(d.Organisation, sheet, r.URL.Query().Get("voices") == "1", d.Now))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="worksheet.pdf"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(content)
	return err
}
