package auth_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pquerna/otp/totp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

const network = "203.0.113.5"

// holder is a person with what he has to show.
type holder struct {
	*auth.Factors
	t      *testing.T
	db     *sqlx.DB
	person auth.Person
}

func newHolder(t *testing.T) holder {
	t.Helper()
	db := pgtest.New(t).App
	box, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	factors, err := auth.NewFactors(db, box, "https://tsukaimichi.example")
	if err != nil {
		t.Fatal(err)
	}
	id := newPerson(t, db, "練習 花子", "hanako@example.jp")
	return holder{factors, t, db, auth.Person{ID: id, Name: "練習 花子", Mail: "hanako@example.jp"}}
}

// digits are those of the app with the key at an instant.
func (h holder) digits(key auth.AppKey, at time.Time) string {
	h.t.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(key.Typed.Reveal(), " ", ""), at)
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// withApp sets up an app at noon and returns its key.
func (h holder) withApp() auth.AppKey {
	h.t.Helper()
	ctx := context.Background()
	if err := h.StartApp(ctx, h.person.ID, noon); err != nil {
		h.t.Fatal(err)
	}
	key, err := h.PendingApp(ctx, h.person)
	if err != nil {
		h.t.Fatal(err)
	}
	if err = h.ActivateApp(ctx, h.person, network, h.digits(key, noon), noon); err != nil {
		h.t.Fatal(err)
	}
	return key
}

// enter types something and wants an error, or none.
func (h holder) enter(typed string, at time.Time, want error) {
	h.t.Helper()
	if err := h.Enter(context.Background(), h.person, network, typed, at); !errors.Is(err, want) {
		h.t.Errorf("Enter %q at %v: %v; want %v", typed, at, err, want)
	}
}

func TestDigitsOfTheAppCountOnceAndAroundTheirHalfMinute(t *testing.T) {
	t.Parallel()
	h := newHolder(t)
	key := h.withApp()
	h.enter(h.digits(key, noon), noon, auth.ErrFactor) // used up by setting it up
	h.enter(h.digits(key, noon.Add(-30*time.Second)), noon, auth.ErrFactor)
	later := noon.Add(10 * time.Minute)
	code := h.digits(key, later)
	h.enter(h.digits(key, later.Add(-60*time.Second)), later, auth.ErrFactor)
	h.enter(h.digits(key, later.Add(60*time.Second)), later, auth.ErrFactor)
	h.enter(h.digits(key, later.Add(-30*time.Second)), later, nil)
	h.enter(" "+code[:3]+" "+code[3:], later, nil)
	h.enter(code, later.Add(time.Second), auth.ErrFactor)
	h.enter(h.digits(key, later.Add(-30*time.Second)), later, auth.ErrFactor)
}

func TestSameDigitsTypedAtOnceCountOnce(t *testing.T) {
	t.Parallel()
	h := newHolder(t)
	key := h.withApp()
	later := noon.Add(time.Hour)
	var right atomic.Int32
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if h.Enter(context.Background(), h.person, network, h.digits(key, later), later) == nil {
				right.Add(1)
			}
		})
	}
	all.Wait()
	if right.Load() != 1 {
		t.Errorf("the digits counted %d times; want once", right.Load())
	}
}

func TestTriesOfAPersonAndOfAnAddressAreLimited(t *testing.T) {
	t.Parallel()
	h := newHolder(t)
	key := h.withApp()
	ctx, later := context.Background(), noon.Add(2*time.Hour)
	for range 10 {
		h.enter("000000x", later, auth.ErrFactor)
	}
	h.enter(h.digits(key, later), later, auth.ErrTooMany)
	again := later.Add(2 * time.Hour)
	h.enter(h.digits(key, again), again, nil)
	other := auth.Person{ID: newPerson(t, h.db, "練習 太郎", "taro@example.jp")}
	var last error
	for i := range 62 {
		other.ID += int64(i) // others from the same address
		last = h.Enter(ctx, other, "198.51.100.1", "000000", again)
	}
	if !errors.Is(last, auth.ErrTooMany) {
		t.Errorf("the 62nd try from one address: %v; want ErrTooMany", last)
	}
}

func TestNewAppCountsOnceItsDigitsAreRightAndTheOldOneUntilThen(t *testing.T) {
	t.Parallel()
	h, ctx := newHolder(t), context.Background()
	old := h.withApp()
	at := noon.Add(time.Hour)
	if err := h.StartApp(ctx, h.person.ID, at); err != nil {
		t.Fatal(err)
	}
	fresh, err := h.PendingApp(ctx, h.person)
	if err != nil || fresh.Typed == old.Typed {
		t.Fatalf("the new key is the old one, %v", err)
	}
	h.enter(h.digits(fresh, at), at, auth.ErrFactor)
	h.enter(h.digits(old, at), at, nil)
	if err = h.ActivateApp(ctx, h.person, network, h.digits(old, at), at); !errors.Is(err, auth.ErrFactor) {
		t.Errorf("activated by the old app's digits: %v", err)
	}
	if err = h.ActivateApp(ctx, h.person, network, h.digits(fresh, at), at); err != nil {
		t.Fatal(err)
	}
	at = at.Add(time.Minute)
	h.enter(h.digits(old, at), at, auth.ErrFactor)
	h.enter(h.digits(fresh, at), at, nil)
	if err = h.RemoveApp(ctx, h.person, at); err != nil {
		t.Fatal(err)
	}
	at = at.Add(time.Minute)
	h.enter(h.digits(fresh, at), at, auth.ErrFactor)
	if _, err = h.PendingApp(ctx, h.person); !errors.Is(err, auth.ErrNoApp) {
		t.Errorf("PendingApp = %v; want ErrNoApp", err)
	}
}

// TestKeyOfAnAppIsSealedToItsPerson: the database alone, or another's row, opens nothing.
func TestKeyOfAnAppIsSealedToItsPerson(t *testing.T) {
	t.Parallel()
	h := newHolder(t)
	key := h.withApp()
	var sealed string
	if err := h.db.Get(&sealed, `SELECT sealed FROM code_app`); err != nil || strings.Contains(sealed, strings.ReplaceAll(key.Typed.Reveal(), " ", "")) {
		t.Errorf("the key is kept as %q, %v", sealed, err)
	}
	thief := auth.Person{ID: newPerson(t, h.db, "練習 太郎", "taro@example.jp")}
	h.db.MustExec(`INSERT INTO code_app (person_id, status, sealed, created_at) VALUES ($1, 'pending', $2, $3)`, thief.ID, sealed, noon)
	if _, err := h.PendingApp(context.Background(), thief); !errors.Is(err, seal.ErrSealed) {
		t.Errorf("a copied key: %v; want ErrSealed", err)
	}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "key", key)
	fmt.Fprintf(&out, "%v %+v %#v %s", key, key, key, key)
	if strings.Contains(out.String(), key.Typed.Reveal()[:9]) || strings.Contains(out.String(), "otpauth") {
		t.Errorf("a key prints itself: %s", out.String())
	}
}

func TestNumbersOfASheetCountOnceEachUntilThereIsANewSheet(t *testing.T) {
	t.Parallel()
	h, ctx := newHolder(t), context.Background()
	codes, err := h.NewSheet(ctx, h.person, noon)
	if err != nil || len(codes) != 10 {
		t.Fatalf("%d numbers, %v", len(codes), err)
	}
	h.enter(codes[3].Reveal(), noon, nil)
	h.enter(codes[3].Reveal(), noon, auth.ErrFactor)
	h.enter(strings.ReplaceAll(codes[4].Reveal(), " ", "　"), noon, nil)
	h.enter(strings.ReplaceAll(codes[5].Reveal(), " ", ""), noon, nil)
	held, err := h.Of(ctx, h.person.ID)
	if err != nil || held.Sheet.Left != 7 || !held.Sheet.MadeAt.Equal(noon) || !held.Some() {
		t.Errorf("held %+v, %v; want seven numbers since noon", held, err)
	}
	other := holder{h.Factors, t, h.db, auth.Person{ID: newPerson(t, h.db, "練習 太郎", "taro@example.jp"), Mail: "taro@example.jp"}}
	other.enter(codes[0].Reveal(), noon, auth.ErrFactor)
	again, err := h.NewSheet(ctx, h.person, noon)
	if err != nil {
		t.Fatal(err)
	}
	h.enter(codes[0].Reveal(), noon, auth.ErrFactor)
	h.enter(again[0].Reveal(), noon, nil)
	var kept string
	if err = h.db.Get(&kept, `SELECT string_agg(encode(code_hash, 'escape'), ' ') FROM recovery_code`); err != nil || strings.Contains(kept, strings.ReplaceAll(again[1].Reveal(), " ", "")) {
		t.Errorf("a number is kept as it is: %v", err)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", again, again, again), again[1].Reveal()) {
		t.Error("a sheet prints itself")
	}
}

func TestEveryChangeIsToldByMail(t *testing.T) {
	t.Parallel()
	h, ctx := newHolder(t), context.Background()
	h.withApp()
	codes, err := h.NewSheet(ctx, h.person, noon)
	if err != nil {
		t.Fatal(err)
	}
	h.enter(codes[0].Reveal(), noon, nil)
	if err = h.RemoveApp(ctx, h.person, noon); err != nil {
		t.Fatal(err)
	}
	letters, err := mail.Recent(ctx, h.db, 9)
	if err != nil || len(letters) != 4 {
		t.Fatalf("%d letters, %v; want four", len(letters), err)
	}
	for _, l := range letters {
		for _, code := range codes {
			if l.To != h.person.Mail || strings.Contains(l.Text, code.Reveal()) {
				t.Errorf("letter %q to %s", l.Text, l.To)
			}
		}
	}
}

func TestOperatorForgetsEverythingThatCanBeShown(t *testing.T) {
	t.Parallel()
	h, ctx := newHolder(t), context.Background()
	h.withApp()
	if _, err := h.NewSheet(ctx, h.person, noon); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, h.db, h.person.ID, newOrganisation(t, h.db))
	s.ask("POST", "/in")
	err := ledger.InTx(ctx, h.db, func(tx *sqlx.Tx) error { return auth.Forget(ctx, tx, h.person, noon) })
	if err != nil {
		t.Fatal(err)
	}
	if held, err := h.Of(ctx, h.person.ID); err != nil || held.Some() {
		t.Errorf("held %+v, %v; want nothing", held, err)
	}
	s.status("/signed-in", 401)
}

func TestNewBrowserIsToldByMailOnceAndWithoutItsAddress(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	person := newPerson(t, db, "練習 花子", "hanako@example.jp")
	sessions, err := auth.NewSessions(db, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	arrive := func(cookies []*http.Cookie) []*http.Cookie {
		w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil)
		r.RemoteAddr = "203.0.113.77:1234"
		for _, c := range cookies {
			r.AddCookie(c)
		}
		a := auth.Arrival{PersonID: person, Browser: "iPhoneのSafari", At: noon}
		if err := sessions.Welcome(w, r, a, "https://tsukaimichi.example"); err != nil {
			t.Fatal(err)
		}
		return w.Result().Cookies()
	}
	cookies := arrive(nil)
	arrive(cookies)
	letters, err := mail.Recent(t.Context(), db, 9)
	if err != nil || len(letters) != 1 {
		t.Fatalf("%d letters, %v; want one", len(letters), err)
	}
	for _, want := range []string{"11月24日 12時00分ごろ", "iPhoneのSafari", "https://tsukaimichi.example/account"} {
		if !strings.Contains(letters[0].Text, want) {
			t.Errorf("the letter does not say %q: %s", want, letters[0].Text)
		}
	}
	if strings.Contains(letters[0].Text, "203.0.113") {
		t.Error("the letter tells the address")
	}
	arrive(nil)
	if letters, err = mail.Recent(t.Context(), db, 9); err != nil || len(letters) != 2 {
		t.Errorf("%d letters after another browser, %v; want two", len(letters), err)
	}
}

func TestPasskeysNeedANameAndTLSOrThisMachine(t *testing.T) {
	t.Parallel()
	box, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	for site, want := range map[string]string{
		"https://tsukaimichi.example": "https://tsukaimichi.example", "https://tsukaimichi.example:8443": "https://tsukaimichi.example:8443",
		"http://127.0.0.1:8780": "http://localhost:8780", "http://[::1]:8780": "http://localhost:8780", "http://localhost:8780": "http://localhost:8780",
		"http://tsukaimichi.example": "", "https://192.0.2.1": "", "http://192.0.2.1:8780": "",
	} {
		f, err := auth.NewFactors(nil, box, site)
		if err != nil || f.PasskeyOrigin() != want {
			t.Errorf("%s: passkeys at %q, %v; want %q", site, f.PasskeyOrigin(), err, want)
		}
		if want == "" {
			if _, err = f.BeginSignIn(t.Context(), noon); !errors.Is(err, auth.ErrNoPasskeys) {
				t.Errorf("%s: %v; want ErrNoPasskeys", site, err)
			}
		}
	}
}
