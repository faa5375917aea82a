package rehearsal

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// mark begins the name of everything practised.
const mark = "【練習】"

// Found answers POST /practice/found: an organisation of one's own, with one person for each role and an empty book.
func (p *Pages) Found(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	name := strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get("name"), mark, ""))
	if name == "" || len([]rune(name)) > 60 {
		return p.start(w, r, http.StatusUnprocessableEntity, r.PostForm, map[string]string{"name": locale.Japanese.T("practice.name_range")})
	}
	slug := "renshu-" + strings.ToLower(rand.Text()[:8])
	err := ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error { return found(r.Context(), tx, mark+name, slug, p.Clock.Now()) })
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/practice#"+slug, http.StatusSeeOther)
	return nil
}

func found(ctx context.Context, tx *sqlx.Tx, name, slug string, at time.Time) error {
	id, err := ledger.FoundOrganisation(ctx, tx, ledger.Organisation{
		Name: name, Slug: slug, Kind: "volunteer", AddressDisclosed: true, Practice: true, CreatedAt: at,
	})
	if err != nil {
		return err
	}
	for _, role := range []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member} {
		person, err := ledger.AddPerson(ctx, tx, ledger.Person{
			Name: "練習 " + locale.Japanese.T("auth.role_"+string(role)), Mail: string(role) + "@" + slug + ".example", CreatedAt: at,
		})
		if err != nil {
			return err
		}
		err = ledger.AddMember(ctx, tx, ledger.Membership{OrganisationID: id, PersonID: person, Role: role, FromOn: ledger.DateOf(at)})
		if err != nil {
			return err
		}
	}
	return nil
}
