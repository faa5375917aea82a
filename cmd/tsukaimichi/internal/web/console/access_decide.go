package console

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// grantStep is a decision about a grant that needs no more words.
type grantStep func(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by ledger.Actor, at time.Time) error

func (p *Pages) decideGrant(w http.ResponseWriter, r *http.Request, step grantStep, done string) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error { return step(r.Context(), tx, d.Organisation.ID, id, d.By(), d.Now) })
	return p.grantDone(w, r, id, nil, err, done)
}

// grantDone ends a decision: the page says that it was done, or what is wrong.
func (p *Pages) grantDone(w http.ResponseWriter, r *http.Request, id int64, values url.Values, err error, done string) error {
	if err == nil {
		return redirect(w, r, desk(r).Path("access", "grants"), done)
	}
	problems, err := wrong(err)
	if err != nil {
		return err
	}
	return p.grants(w, r, http.StatusUnprocessableEntity, id, values, problems)
}
