package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// other returns six digits that are not the code.
func other(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestDigitsSignInOnceInTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	want := newPerson(t, db, "練習 花子", "hanako@example.jp")
	elsewhere := begin(t, db, "hanako@example.jp", noon.Add(-time.Minute))
	browser := begin(t, db, " Ｈanako@Example.jp ", noon)
	code, _ := readMail(t, db)
	if _, err := auth.EnterCode(ctx, db, elsewhere, code, noon); !errors.Is(err, auth.ErrCode) {
		t.Errorf("another browser: %v; want ErrCode", err)
	}
	if _, err := auth.EnterCode(ctx, db, "", code, noon); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("no browser: %v; want ErrExpired", err)
	}
	if got, err := auth.EnterCode(ctx, db, browser, " "+code[:3]+"　"+code[3:], noon.Add(14*time.Minute)); err != nil || got != want {
		t.Errorf("EnterCode = %d, %v; want %d", got, err, want)
	}
	if _, err := auth.EnterCode(ctx, db, browser, code, noon); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("used digits: %v; want ErrExpired", err)
	}
}

func TestUnknownAddressIsAnsweredTheSameAndGetsNothing(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	newPerson(t, db, "練習 花子", "hanako@example.jp")
	browser := begin(t, db, "nobody@example.jp", noon)
	if letters, _ := mail.Recent(ctx, db, 9); len(letters) != 0 {
		t.Errorf("%d mails sent", len(letters))
	}
	for try := range 7 {
		want := auth.ErrCode
		if try >= 5 {
			want = auth.ErrExpired
		}
		if _, err := auth.EnterCode(ctx, db, browser, "123456", noon); !errors.Is(err, want) {
			t.Errorf("try %d: %v; want %v", try+1, err, want)
		}
	}
}

func TestFiveTriesAreAllEvenAtOnce(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	newPerson(t, db, "練習 花子", "hanako@example.jp")
	browser := begin(t, db, "hanako@example.jp", noon)
	code, _ := readMail(t, db)
	var wrong atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := auth.EnterCode(ctx, db, browser, other(code), noon); errors.Is(err, auth.ErrCode) {
				wrong.Add(1)
			}
		})
	}
	all.Wait()
	if got := wrong.Load(); got != 5 {
		t.Errorf("%d tries were compared; want 5", got)
	}
	if _, err := auth.EnterCode(ctx, db, browser, code, noon); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("right digits after five wrong: %v; want ErrExpired", err)
	}
}

func TestRightDigitsTypedTwiceAtOnceSignInOnce(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	newPerson(t, db, "練習 花子", "hanako@example.jp")
	browser := begin(t, db, "hanako@example.jp", noon)
	code, token := readMail(t, db)
	var in atomic.Int64
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			var err error
			if i%2 == 0 {
				_, err = auth.EnterCode(ctx, db, browser, code, noon)
			} else {
				_, err = auth.UseLink(ctx, db, token, noon)
			}
			if err == nil {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if got := in.Load(); got != 1 {
		t.Errorf("signed in %d times; want once", got)
	}
}

func TestDigitsAndLinkEndAfterFifteenMinutes(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	newPerson(t, db, "練習 花子", "hanako@example.jp")
	browser := begin(t, db, "hanako@example.jp", noon)
	code, token := readMail(t, db)
	later := noon.Add(15 * time.Minute)
	if _, err := auth.EnterCode(ctx, db, browser, code, later); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("digits: %v; want ErrExpired", err)
	}
	if _, err := auth.PeekLink(ctx, db, token, later); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("page of the link: %v; want ErrExpired", err)
	}
	if _, err := auth.UseLink(ctx, db, token, later); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("link: %v; want ErrExpired", err)
	}
}

func TestOpeningTheLinkUsesNothingUpAndTheButtonDoes(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	want := newPerson(t, db, "練習 花子", "hanako@example.jp")
	begin(t, db, "hanako@example.jp", noon)
	_, token := readMail(t, db)
	for range 3 { // a mail scanner, a preview, the person
		if name, err := auth.PeekLink(ctx, db, token, noon); err != nil || name != "練習 花子" {
			t.Errorf("PeekLink = %q, %v", name, err)
		}
	}
	if got, err := auth.UseLink(ctx, db, token, noon); err != nil || got != want {
		t.Errorf("UseLink = %d, %v; want %d", got, err, want)
	}
	if _, err := auth.UseLink(ctx, db, token, noon); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("used link: %v; want ErrExpired", err)
	}
	if _, err := auth.UseLink(ctx, db, "", noon); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("no token: %v; want ErrExpired", err)
	}
}

func TestOneTimeLinkSignsInWithoutAMail(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	want := newPerson(t, db, "練習 花子", "hanako@example.jp")
	token, err := auth.OneTimeLink(ctx, db, want, 24*time.Hour, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := auth.UseLink(ctx, db, token, noon.Add(23*time.Hour)); err != nil || got != want {
		t.Errorf("UseLink = %d, %v; want %d", got, err, want)
	}
	for _, nobody := range []int64{0, want + 1000} {
		if token, err := auth.OneTimeLink(ctx, db, nobody, time.Hour, noon); !errors.Is(err, ledger.ErrNoSuchRow) || token != "" {
			t.Errorf("person %d: %q, %v; want ErrNoSuchRow", nobody, token, err)
		}
	}
	if letters, _ := mail.Recent(ctx, db, 9); len(letters) != 0 {
		t.Errorf("%d mails sent", len(letters))
	}
}

func TestSigningInCanBeBegunFiveTimesAnHourForOneAddress(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	newPerson(t, db, "練習 花子", "hanako@example.jp")
	for _, address := range []string{"hanako@example.jp", "nobody@example.jp"} { // alike, so the answer tells nothing
		for try := range 7 {
			want := error(nil)
			if try >= 5 {
				want = auth.ErrTooMany
			}
			if _, err := auth.Begin(ctx, db, newRequest(address), noon); !errors.Is(err, want) {
				t.Errorf("%s, try %d: %v; want %v", address, try+1, err, want)
			}
		}
	}
	if _, err := auth.Begin(ctx, db, newRequest("hanako@example.jp"), noon.Add(2*time.Hour)); err != nil {
		t.Errorf("two hours later: %v", err)
	}
}

func TestOneNetworkAddressCannotAskForEverybody(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	for try := range 42 {
		want := error(nil)
		if try >= 40 {
			want = auth.ErrTooMany
		}
		if _, err := auth.Begin(ctx, db, newRequest(fmt.Sprintf("a%d@example.jp", try)), noon); !errors.Is(err, want) {
			t.Fatalf("try %d: %v; want %v", try+1, err, want)
		}
	}
}

func TestWhatIsNoAddressIsSaidSo(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	if _, err := auth.Begin(context.Background(), db, newRequest("hanako"), noon); !errors.Is(err, mail.ErrAddress) {
		t.Errorf("Begin: %v; want mail.ErrAddress", err)
	}
}

func TestTablesHoldNeitherDigitsNorTokens(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	newPerson(t, db, "練習 花子", "hanako@example.jp")
	browser := begin(t, db, "hanako@example.jp", noon)
	code, token := readMail(t, db)
	if _, err := mail.Erase(ctx, db, noon.Add(15*time.Minute)); err != nil {
		t.Fatal(err)
	}
	var rows string
	err := db.Get(&rows, `
		SELECT (SELECT string_agg(s::text || encode(token_hash, 'escape') || encode(browser_hash, 'escape') || encode(code_hash, 'escape'), ' ') FROM sign_in s)
		    || (SELECT string_agg(m::text, ' ') FROM mail m)`)
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"digits": code, "token": token, "browser": browser, "address": "hanako"} {
		if strings.Contains(rows, secret) {
			t.Errorf("%s found in the tables: %s", name, rows)
		}
	}
}

func TestPruneRemovesOldTriesAndKeepsThoseThatWork(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t).App
	id := newPerson(t, db, "練習 花子", "hanako@example.jp")
	begin(t, db, "hanako@example.jp", noon)
	token, err := auth.OneTimeLink(ctx, db, id, 72*time.Hour, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := auth.Prune(ctx, db, noon.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := db.Get(&left, `SELECT count(*) FROM sign_in`); err != nil || left != 1 {
		t.Errorf("%d tries left, %v; want the one that works", left, err)
	}
	if _, err := auth.PeekLink(ctx, db, token, noon.Add(48*time.Hour)); err != nil {
		t.Errorf("the one that works: %v", err)
	}
}
