package auth

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrNotSignedIn says that nobody is signed in: the page to sign in follows.
var ErrNotSignedIn = errors.New("auth: not signed in")

// ErrNotAllowed says that the person who is signed in has no role that may do this.
var ErrNotAllowed = errors.New("auth: not allowed")

// Guard stands before routes, inside Sessions.Load. All its fields are needed.
type Guard struct {
	DB           *sqlx.DB
	Sessions     *Sessions
	Today        func() ledger.Date                 // the program's day, on which roles are valid
	Organisation func(*http.Request) (int64, error) // which organisation a request is about
	// Guest returns the grant by which an operator may read in an organisation today; 0 if he may not.
	Guest  func(ctx context.Context, organisationID, personID int64) (int64, error)
	Refuse func(http.ResponseWriter, *http.Request, error) // answers ErrNotSignedIn, ErrNotAllowed and errors of the above
}

// SignedIn lets in whoever is signed in; PersonOf then knows who.
func (g *Guard) SignedIn(next http.Handler) http.Handler {
	return g.check(next, func(r *http.Request, p Person) (context.Context, error) { return withPerson(r.Context(), p), nil })
}

// Require lets in whoever has one of the roles in the request's organisation today; MemberOf then knows who, with
// all roles. Without a role it lets nobody in.
func (g *Guard) Require(roles ...ledger.Role) func(http.Handler) http.Handler {
	return g.require(false, roles)
}

// RequireOrGuest lets in whom Require lets in, and an operator to whom the organisation has granted reading: MemberOf
// then has no role and names his grant. It is for pages that change nothing.
func (g *Guard) RequireOrGuest(roles ...ledger.Role) func(http.Handler) http.Handler {
	return g.require(true, roles)
}

func (g *Guard) require(guests bool, roles []ledger.Role) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return g.check(next, func(r *http.Request, p Person) (context.Context, error) {
			organisationID, err := g.Organisation(r)
			if err != nil {
				return nil, err
			}
			m := Member{Person: p, OrganisationID: organisationID}
			if m.Roles, err = RolesIn(r.Context(), g.DB, organisationID, p.ID, g.Today()); err != nil {
				return nil, err
			}
			if guests && p.Operator && len(m.Roles) == 0 {
				if m.GrantID, err = g.Guest(r.Context(), organisationID, p.ID); err != nil {
					return nil, err
				}
			}
			if !m.Is(roles...) && m.GrantID == 0 {
				return nil, ErrNotAllowed
			}
			return withMember(withPerson(r.Context(), p), m), nil
		})
	}
}

// RequireOperator lets in the operators of the program, who by this alone see no organisation's private data.
func (g *Guard) RequireOperator(next http.Handler) http.Handler {
	return g.check(next, func(r *http.Request, p Person) (context.Context, error) {
		if !p.Operator {
			return nil, ErrNotAllowed
		}
		return withPerson(r.Context(), p), nil
	})
}

// RequireSomewhere lets in whoever has one of the roles in some organisation today, and operators if they may: for pages above all organisations, which show
// of each only what the person's roles there allow.
func (g *Guard) RequireSomewhere(operators bool, roles ...ledger.Role) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return g.check(next, func(r *http.Request, p Person) (context.Context, error) {
			all, err := Roles(r.Context(), g.DB, p.ID, g.Today())
			if err != nil {
				return nil, err
			}
			has := slices.ContainsFunc(all, func(m ledger.Membership) bool { return slices.Contains(roles, m.Role) })
			if !has && !(operators && p.Operator) {
				return nil, ErrNotAllowed
			}
			return withPerson(r.Context(), p), nil
		})
	}
}

// check finds the person and asks admit, whose context the route gets.
func (g *Guard) check(next http.Handler, admit func(*http.Request, Person) (context.Context, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := g.Sessions.PersonID(r.Context())
		if id == 0 {
			g.Refuse(w, r, ErrNotSignedIn)
			return
		}
		p, err := find(r.Context(), g.DB, id, g.Today())
		if err != nil {
			g.Refuse(w, r, err)
			return
		}
		ctx, err := admit(r, p)
		if err != nil {
			g.Refuse(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "private, no-store") // a shared computer's back button shows nothing
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

type contextKey int

const (
	personInContext contextKey = iota
	memberInContext
)

func withPerson(ctx context.Context, p Person) context.Context {
	return context.WithValue(ctx, personInContext, p)
}

func withMember(ctx context.Context, m Member) context.Context {
	return context.WithValue(ctx, memberInContext, m)
}

// PersonOf returns who is signed in, behind a Guard; the zero Person elsewhere. It is for the web's handlers alone:
// domain functions get an Actor.
func PersonOf(ctx context.Context) Person {
	p, _ := ctx.Value(personInContext).(Person)
	return p
}

// MemberOf returns who is signed in within the organisation, behind Require; the zero Member, which has no role,
// elsewhere.
func MemberOf(ctx context.Context) Member {
	m, _ := ctx.Value(memberInContext).(Member)
	return m
}
