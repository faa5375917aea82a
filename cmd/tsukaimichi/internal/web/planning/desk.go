package planning

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

// frame is the frame of a page of this room, under its own words for what was just done.
func frame(d console.Desk, r *http.Request, title string, crumbs ...page.Link) page.Console {
	f := d.Frame(r, title, page.Grants, crumbs...)
	f.Done = ""
	if key := "plan.done_" + r.URL.Query().Get("done"); locale.Japanese.Has(key) {
		f.Done = locale.Japanese.T(key)
	}
	return f
}

// redirect ends a POST; the page at the path says once what was done.
func redirect(w http.ResponseWriter, r *http.Request, path, done string) error {
	return page.Redirect(w, r, path, done)
}

// number reads an id of the path; an id that is none is not found.
func number(r *http.Request, name string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, ledger.ErrNotFound
	}
	return id, nil
}

// notFound makes a sheet that is not there the page that says so.
func notFound(err error) error {
	if errors.Is(err, plans.ErrNoWorksheet) {
		return errors.Join(ledger.ErrNotFound, err)
	}
	return err
}

// wrong turns an error into what the page says about it, by field or under "" for the whole form. Any other error comes back as it is.
func wrong(err error) (map[string]string, error) {
	say := locale.Japanese.T
	var bad ledger.Invalid
	var refused files.Refused
	switch {
	case errors.As(err, &bad):
		said := make(map[string]string, len(bad))
		for field, key := range bad {
			said[field] = say(key)
		}
		return said, nil
	case errors.As(err, &refused):
		return map[string]string{"file": say(string(refused))}, nil
	}
	return nil, err
}
