package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
)

// TestUploadLeavesNothingInTheFolderForPassingThings: what is too large for memory waits on disk, and receipts with names on them may not stay there. The
// folder is the whole process's: no other test runs meanwhile.
func TestUploadLeavesNothingInTheFolderForPassingThings(t *testing.T) {
	s := openSite(t)
	token, err := auth.OneTimeLink(t.Context(), s.DB, s.Treasurer.SubjectID, time.Hour, s.At)
	if err != nil {
		t.Fatal(err)
	}
	in := s.post("/sign-in/link", url.Values{"t": {token}})
	passing := t.TempDir()
	t.Setenv("TMPDIR", passing)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("papers", "receipt.jpg")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(make([]byte, 20<<20))
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, "/desk/"+s.slug+"/expenses/new", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	for _, cookie := range in.header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(cookie)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(c)
	}
	if got := s.send(r); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty expense with a file that is no photo: %d; want 422", got.status)
	}
	left, err := os.ReadDir(passing)
	if err != nil || len(left) != 0 {
		t.Errorf("%d files are left, %v; want none", len(left), err)
	}
}
