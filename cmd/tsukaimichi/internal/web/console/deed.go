package console

import (
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"
)

// deed is what a form does to the thing its page is about.
type deed func(tx *sqlx.Tx, d Desk, t typed, id int64) error

// sheet shows the page of a thing, with a form that came back.
type sheet func(w http.ResponseWriter, r *http.Request, status int, form string, typed url.Values, problems map[string]string) error

// act carries out one form of a page about one thing: on it goes to the thing's page in the room, or the form comes back on the sheet.
func (p *Pages) act(w http.ResponseWriter, r *http.Request, room, form, done string, again sheet, do deed) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error { return do(tx, d, t, id) })
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return again(w, r, http.StatusUnprocessableEntity, form, t.Values, problems)
	}
	return redirect(w, r, d.Path(room, id), done)
}
