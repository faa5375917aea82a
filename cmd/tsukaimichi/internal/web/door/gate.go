package door

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Fields that the page holding a form adds to it.
const (
	codeField     = "confirm_code"
	practiceField = "confirm_practice"
)

// Gate asks members with one of the roles, and an operator who reads by a grant, for a second factor, unless it was shown in this session
// within auth.ConfirmedLasts; others pass. It stands behind auth.Guard.Require or RequireOrGuest, before a route that takes no files.
func (p *Pages) Gate(roles []ledger.Role, next func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	asked := p.GateAll(next)
	return func(w http.ResponseWriter, r *http.Request) error {
		if m := auth.MemberOf(r.Context()); m.Is(roles...) || m.GrantID != 0 {
			return asked(w, r)
		}
		return next(w, r)
	}
}

// GateAll asks as Gate does whoever comes. It stands behind any door of auth.Guard: an operator has no role.
func (p *Pages) GateAll(next func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		switch {
		case p.Sessions.Confirmed(r.Context(), p.Now()):
			return next(w, r)
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
			http.Redirect(w, r, confirmPath(r.URL.RequestURI()), http.StatusSeeOther)
			return nil
		}
		held, err := p.hold(w, r, auth.PersonOf(r.Context()))
		if err != nil || held {
			return err
		}
		return next(w, r)
	}
}

func confirmPath(next string) string { return "/confirm?next=" + url.QueryEscape(localPath(next)) }

// hold reports whether a form that came too early is held: answered with a page that asks for the second factor and has everything that was
// typed. The page sends the form here again, with the digits.
func (p *Pages) hold(w http.ResponseWriter, r *http.Request, person auth.Person) (bool, error) {
	if err := r.ParseForm(); err != nil {
		return true, ledger.Invalid{"": "form.expired"}
	}
	problem := ""
	switch typed := r.PostForm.Get(codeField); {
	case p.Practice && r.PostForm.Has(practiceField):
		return false, p.Sessions.Confirm(r.Context(), p.Now())
	case typed != "":
		err := p.Factors.Enter(r.Context(), person, address(r), typed, p.Now())
		if err == nil {
			return false, p.Sessions.Confirm(r.Context(), p.Now())
		}
		if problem = problemOf(err); problem == "" {
			return true, err
		}
	}
	shown, err := p.factorForm(r, person, codeField, problem)
	if err != nil {
		return true, err
	}
	held := HeldPage{Console: frame(person, "ご本人の確認", toDesk), Factor: shown, Action: r.URL.Path, Fields: fieldsOf(r.PostForm), Written: page.NewWritten(r.PostForm)}
	held.Console.NeedsFix = problem != ""
	status := http.StatusForbidden
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return true, p.Renderer.Render(w, status, held)
}

// fieldsOf lists what was typed, to be sent again.
func fieldsOf(values url.Values) (fields []HeldField) {
	var names []string
	for name := range values {
		if name != codeField && name != practiceField {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range values[name] {
			fields = append(fields, HeldField{name, value})
		}
	}
	return fields
}

// problemOf is the key of the sentence for what somebody can put right, "" for other errors.
func problemOf(err error) string {
	switch {
	case errors.Is(err, auth.ErrFactor):
		return "auth.factor_wrong"
	case errors.Is(err, auth.ErrTooMany):
		return "auth.too_many"
	}
	return ""
}

// factorForm is what the person can show, for a page that asks for it. problem is the key of what is wrong, or "".
func (p *Pages) factorForm(r *http.Request, person auth.Person, field, problem string) (FactorForm, error) {
	held, err := p.Factors.Of(r.Context(), person.ID)
	if err != nil {
		return FactorForm{}, err
	}
	if problem == "auth.factor_wrong" && held.AppSince.IsZero() {
		problem = "auth.sheet_number_wrong"
	}
	if problem != "" {
		problem = locale.Japanese.T(problem)
	}
	return newFactorForm(held, p.Factors.PasskeyOrigin(), p.Practice, field, problem), nil
}

// newFactorForm builds the question.
func newFactorForm(held auth.Held, origin string, practice bool, field, problem string) FactorForm {
	f := FactorForm{Some: held.Some(), Typed: held.Typed(), Practice: practice}
	if len(held.Passkeys) > 0 {
		f.PasskeyOrigin = origin
	}
	wrong := map[string]string{}
	if problem != "" {
		wrong[field] = problem
	}
	form := page.NewForm(nil, wrong)
	label, hint := "確認アプリの6けたの数字", ""
	switch {
	case held.AppSince.IsZero():
		label, hint = "「困ったときの紙」の番号", "まだ線を引いていない番号を1つ、24けた入れます。間の空きは、あってもなくてもかまいません。"
	case held.Sheet.Left > 0:
		hint = "アプリがないときは、「困ったときの紙」の番号を1つ、24けた入れます。"
	}
	f.Code = form.Field(page.Field{Name: field, Label: label, Hint: hint, InputMode: "numeric", Autocomplete: "one-time-code", Required: true})
	f.Problems = form.Problems()
	return f
}
