package web_test

import (
	"context"
	"crypto/ed25519"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/papers"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// site is the whole map of pages on a group's book.
type site struct {
	*campaigntest.Group
	handler http.Handler
	press   *papers.Press
	slug    string // of the group
}

const address = "https://tsukaimichi.example"

// openSite opens the site; change says what is otherwise than usual.
func openSite(t *testing.T, change ...func(*web.Config)) *site {
	t.Helper()
	s := &site{Group: campaigntest.Found(t, pgtest.New(t).App)}
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	box, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return s.At }
	s.press = &papers.Press{DB: s.DB, Files: store, Now: now, Site: address}
	secret := ed25519.NewKeyFromSeed(make([]byte, 32))
	c := web.Config{DB: s.DB, Files: store, Box: box, Now: now, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Site: address, Secret: []byte("secret"),
		LogKey: secret.Public().(ed25519.PublicKey), Till: &payments.Till{DB: s.DB, Box: box, Now: now, Site: address}, Press: s.press,
		Enqueue: func(context.Context, *sqlx.Tx, string, int64, int64) error { return nil }}
	for _, f := range change {
		f(&c)
	}
	server, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.handler = server.Handler()
	if err = s.DB.GetContext(t.Context(), &s.slug, `SELECT name FROM slug WHERE organisation_id = $1 AND kind = 'organisation'`, s.ID); err != nil {
		t.Fatal(err)
	}
	return s
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *site) send(r *http.Request) answer {
	s.T.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Result().Body)
	return answer{w.Code, w.Result().Header, string(body)}
}

func (s *site) get(path string) answer {
	s.T.Helper()
	return s.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (s *site) post(path string, form url.Values) answer {
	s.T.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(r)
}

// sign seals and signs the log, so that receipts have digits.
func (s *site) sign() {
	s.T.Helper()
	sealer := &chain.Sealer{DB: s.DB}
	if _, err := sealer.Seal(s.T.Context(), s.ID); err != nil {
		s.T.Fatal(err)
	}
	keep := func(context.Context, int64, []byte) error { return nil }
	if _, err := chain.Sign(s.T.Context(), s.DB, s.ID, chain.Origin(address, s.ID), ed25519.NewKeyFromSeed(make([]byte, 32)), s.At, keep); err != nil {
		s.T.Fatal(err)
	}
}

// receipt issues the receipt of a gift.
func (s *site) receipt(d campaigns.Donation) (r campaigns.Receipt) {
	s.T.Helper()
	s.In(func(tx *sqlx.Tx) (err error) {
		r, err = campaigns.Issue(s.T.Context(), tx, s.ID, d.ID, s.Treasurer, s.At)
		return err
	})
	return r
}
