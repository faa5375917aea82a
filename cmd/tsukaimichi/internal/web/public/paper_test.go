package public_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// What was handed out is offered to everybody once the call is announced, as a file in which nothing acts; a call that began here has none.
func TestPaperOfACallIsOfferedOnceItIsAnnounced(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	var scan bytes.Buffer
	if err = jpeg.Encode(&scan, image.NewGray(image.Rect(0, 0, 40, 40)), nil); err != nil {
		t.Fatal(err)
	}
	kept, err := store.Put(t.Context(), g.ID, files.KindPaper, scan.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	pages := &public.Pages{DB: g.DB, Files: store}
	get := func(slug string) (*httptest.ResponseRecorder, error) {
		r := httptest.NewRequest(http.MethodGet, "/c/"+slug+"/paper", nil)
		r.SetPathValue("slug", slug)
		w := httptest.NewRecorder()
		return w, pages.Paper(w, r)
	}
	id := g.Draft(g.Plan())
	slug := g.Campaign(id).Slug
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.SavePaper(t.Context(), tx, g.ID, campaigns.PaperCall{CampaignID: id, HandedOutOn: g.Today(), Way: "leaflet", ScanHash: kept.Hash[:], ScanType: files.JPEG}, g.Head, g.At)
	})
	if _, err = get(slug); err == nil {
		t.Error("the paper of a draft is offered")
	}
	g.In(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
	w, err := get(slug)
	if err != nil || w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), scan.Bytes()) || w.Header().Get("Content-Type") != files.JPEG ||
		w.Header().Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
		t.Errorf("got %d %v, %v", w.Code, w.Header(), err)
	}
	if _, err = get(g.Announce().Slug); err == nil {
		t.Error("a call that began here has a paper")
	}
}
