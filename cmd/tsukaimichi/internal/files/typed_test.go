package files_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
)

// TestTypedIsReadPastFiles: words before and after a photo that is too large.
func TestTypedIsReadPastFiles(t *testing.T) {
	t.Parallel()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("did", "夕ごはんを16回")
	photo, err := form.CreateFormFile("photos", "large.jpg")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = photo.Write(make([]byte, 3<<20))
	none, err := form.CreateFormFile("papers", "") // nothing was chosen
	if err != nil {
		t.Fatal(err)
	}
	_, _ = none.Write(nil)
	_ = form.WriteField("wrong", "雨")
	_ = form.WriteField("wrong", "風")
	_ = form.Close()
	whole := body.Bytes()
	read := func(body []byte) url.Values {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", form.FormDataContentType())
		return files.Typed(r)
	}
	if got, want := read(whole), (url.Values{"did": {"夕ごはんを16回"}, "wrong": {"雨", "風"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%v; want %v", got, want)
	}
	if got, want := read(whole[:2<<20]), (url.Values{"did": {"夕ごはんを16回"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("cut off: %v; want %v", got, want)
	}
	plain := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(whole))
	if got := files.Typed(plain); len(got) != 0 {
		t.Errorf("no form: %v", got)
	}
}
