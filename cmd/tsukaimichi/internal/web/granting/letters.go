package granting

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// LettersPage is where the link in a letter leads: the letters about grants are stopped there, without signing in.
type LettersPage struct {
	page.Public
	Heading string
	Lead    string
	Action  string
	Do      string
	Button  string
}

// Template names the template of the page.
func (LettersPage) Template() string { return "granting/letters" }

// StopLetters answers GET /grant-letters/{person}/{token}. Opening it changes nothing.
func (p *Pages) StopLetters(w http.ResponseWriter, r *http.Request) error {
	id, err := p.readerOf(r)
	if err != nil {
		return err
	}
	quiet, err := search.Quiet(r.Context(), p.DB, id)
	if err != nil {
		return err
	}
	shown := LettersPage{Public: page.Public{Title: "助成の募集のメール", Private: true}, Heading: "助成の募集のメール", Action: r.URL.EscapedPath(),
		Lead: "残した条件に合う募集を、新しいものがある日に、1通だけ送っています。やめても、条件は残ります。", Button: "メールをやめる"}
	if quiet {
		shown.Lead, shown.Do, shown.Button = "助成の募集のメールを、止めました。見つかったものは、サインインして「残した条件」で見られます。", "resume", "また受け取る"
	}
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// ChooseLetters answers POST /grant-letters/{person}/{token}: the press alone stops the letters (RFC 8058).
func (p *Pages) ChooseLetters(w http.ResponseWriter, r *http.Request) error {
	id, err := p.readerOf(r)
	if err != nil {
		return err
	}
	if err = p.letters(r, id, r.PostFormValue("do") == "resume", p.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, r.URL.EscapedPath(), http.StatusSeeOther)
	return nil
}

// readerOf is whose letters a link is about.
func (p *Pages) readerOf(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("person"), 10, 64)
	if err == nil {
		err = p.Links.ReadPerson(id, r.PathValue("token"))
	}
	if err != nil {
		return 0, errors.Join(ledger.ErrNotFound, err)
	}
	return id, nil
}

func (p *Pages) letters(r *http.Request, personID int64, resume bool, at time.Time) error {
	return ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if resume {
			return search.Resume(r.Context(), tx, personID)
		}
		return search.Stop(r.Context(), tx, personID, at)
	})
}

func joined(words []string) string { return strings.Join(words, "、") }
