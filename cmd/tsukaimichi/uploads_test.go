package main

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// upload sends a form with one file as the person who is signed in.
func (c collecting) upload(path, field, name string, content []byte, values url.Values) *http.Response {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key := range values {
		_ = form.WriteField(key, values.Get(key))
	}
	part, err := form.CreateFormFile(field, name)
	if err != nil {
		c.t.Fatal(err)
	}
	_, _ = part.Write(content)
	_ = form.Close()
	answer, err := c.client.Post(c.at+path, form.FormDataContentType(), &body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer
}

// buyFor pays an expense of the campaign out of a gift.
func (c collecting) buyFor(amount ledger.Yen) {
	c.t.Helper()
	c.pay("3,000円")
	c.eventually("the gift", func() bool { return c.holds(ledger.Gifts) == -3000 })
	c.spend(c.found, 1, amount)
}

// pdf is a whole small PDF with something in its catalog.
func pdf(catalog string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R " + catalog + " >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>")
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

const script = `<script>alert(1)</script>`

// TestUploadsCannotActInABrowser sends what could: pages, pictures with scripts, files that are two things at once. Each is refused, or comes back
// under a type of ours from which nothing runs.
func TestUploadsCannotActInABrowser(t *testing.T) {
	t.Parallel()
	c := practise(t, true).collect()
	c.buyFor(500)
	c.be(c.treasurer)
	picture := rehearsed.PhotoWithPlace(t)
	for name, u := range map[string]struct {
		file    string
		content []byte
		taken   bool
	}{
		"a page":                        {"a.html", []byte("<!DOCTYPE html><html>" + script), false},
		"a page that is called a photo": {"a.jpg", []byte("<html><body>" + script), false},
		"a drawing with a script":       {"a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg">` + script + `</svg>`), false},
		"XML with a stylesheet":         {"a.xml", []byte(`<?xml version="1.0"?><?xml-stylesheet href="javascript:alert(1)"?><a/>`), false},
		"a GIF that is a script":        {"a.gif", []byte("GIF89a/*" + strings.Repeat(" ", 40) + "*/=1;alert(1)"), false},
		"an archive behind a GIF":       {"a.gif", append([]byte("GIF89a"), []byte("PK\x03\x04 META-INF/MANIFEST.MF")...), false},
		"a program":                     {"a.exe", append([]byte("MZ"), make([]byte, 200)...), false},
		"a PDF with a script":           {"a.pdf", pdf("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), false},
		"a PDF that starts something":   {"a.pdf", pdf("/OpenAction << /S /Launch /F (cmd.exe) >>"), false},
		"the beginning of a photo":      {"a.jpg", append(bytes.Clone(picture[:300]), []byte(script)...), false},
		"a photo with a page behind it": {"a.jpg", append(bytes.Clone(picture), []byte("<html>"+script)...), true},
		"a photo with a page inside":    {"a.html", withComment(picture, "<html>"+script), true},
		"a plain PDF":                   {"a.pdf", pdf(""), true},
	} {
		answer := c.upload("/desk/hoshino/expenses/1/papers", "papers", u.file, u.content, nil)
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if taken := answer.StatusCode == http.StatusOK; taken != u.taken || answer.StatusCode >= 500 {
			t.Errorf("%s: %d, taken %v, want %v: %.200s", name, answer.StatusCode, taken, u.taken, text(string(body)))
		}
	}
	if n := c.papersAreHarmless(); n != 2 { // the photos are one and the same once they are drawn anew
		t.Errorf("%d papers were kept, want the photo and the PDF", n)
	}
}

// withComment puts a comment into a JPEG after its first two bytes.
func withComment(picture []byte, comment string) []byte {
	n := len(comment) + 2
	with := append(bytes.Clone(picture[:2]), 0xff, 0xfe, byte(n>>8), byte(n))
	return append(append(with, comment...), picture[2:]...)
}

// papersAreHarmless fetches every paper and looks at how it is sent and what is left in it.
func (c collecting) papersAreHarmless() (n int) {
	c.t.Helper()
	for n = 0; ; n++ {
		answer, err := c.client.Get(fmt.Sprintf("%s/desk/hoshino/evidence/%d", c.at, n+1))
		if err != nil {
			c.t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			c.t.Fatal(err)
		}
		if answer.StatusCode == http.StatusNotFound {
			return n
		}
		header := answer.Header
		kind, shown := header.Get("Content-Type"), header.Get("Content-Disposition")
		if !(kind == "image/jpeg" && strings.HasPrefix(shown, "inline")) && !(kind == "application/pdf" && strings.HasPrefix(shown, "attachment")) {
			c.t.Errorf("paper %d is sent as %q, %q", n+1, kind, shown)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
			c.t.Errorf("paper %d: %v", n+1, header)
		}
		if kind == "image/jpeg" {
			for _, left := range []string{"<script", "<html", "Exif", "練習カメラ", "PK\x03\x04"} {
				if bytes.Contains(body, []byte(left)) {
					c.t.Errorf("paper %d still holds %q", n+1, left)
				}
			}
		}
	}
}

// TestPublicPhotosComeFromAPathOfTheirOwn: the photo of a report, under a fixed type, without where it was taken.
func TestPublicPhotosComeFromAPathOfTheirOwn(t *testing.T) {
	t.Parallel()
	c := practise(t, true).collect()
	c.buyFor(500)
	c.be(c.treasurer)
	seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(c.get("/desk/hoshino/campaigns/1/report"))
	if seen == nil {
		t.Fatal("the form does not say what it has seen")
	}
	answer := c.upload("/desk/hoshino/campaigns/1/report", "photos", "a.jpg", withComment(rehearsed.PhotoWithPlace(t), script), url.Values{"did": {"x"}, "do": {"save"}, "seen": {seen[1]}})
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("the photo: %s", answer.Status)
	}
	name := photoPath.FindString(c.get("/desk/hoshino/campaigns/1/report"))
	if name == "" {
		t.Fatal("the report shows no photo")
	}
	photo, err := c.client.Get(c.at + name)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(photo.Body)
	photo.Body.Close()
	if err != nil || photo.StatusCode != http.StatusOK {
		t.Fatal(photo.Status, err)
	}
	header := photo.Header
	if header.Get("Content-Type") != "image/jpeg" || header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
		t.Errorf("%s is sent with %v", name, header)
	}
	for _, left := range []string{"<script", "Exif", "練習カメラ"} {
		if bytes.Contains(body, []byte(left)) {
			t.Errorf("%s still holds %q", name, left)
		}
	}
}

// TestBodiesHaveTheirLimits sends too much to every act: a form of more than 1 MiB, with its length and without, and one with files of more than
// 64 MiB. The answer is a page that says so.
func TestBodiesHaveTheirLimits(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	f := p.found("hoshino")
	client := p.member(f.organisation, ledger.Treasurer)
	send := func(route, kind string, body io.Reader, size int64) {
		t.Helper()
		path := strings.NewReplacer("{org}", "hoshino", "{id}", "1", "{n}", "1", "{slug}", "fuyu", "{token}", "x").Replace(route)
		request, err := http.NewRequest(http.MethodPost, p.at+path, body)
		if err != nil {
			t.Fatal(err)
		}
		request.ContentLength = size
		request.Header.Set("Content-Type", kind)
		answer, err := client.Do(request)
		if err != nil {
			t.Errorf("%s, %d bytes: %v", route, size, err)
			return
		}
		page, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(page), "大きすぎて受け取れません") {
			t.Errorf("%s, %d bytes: %d %.100s", route, size, answer.StatusCode, text(string(page)))
		}
	}
	const form, files = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
	tooLong := "name=" + strings.Repeat("x", 1<<20)
	for _, route := range postRoutes(t) {
		send(route, form, strings.NewReader(tooLong), int64(len(tooLong)))
		send(route, form, strings.NewReader(tooLong), -1)
	}
	send("/desk/{org}/expenses/{id}/papers", files, io.LimitReader(zeros{}, 64<<20+1), 64<<20+1)
	send("/c/{slug}/give", files, io.LimitReader(zeros{}, 1<<20+1), 1<<20+1)
}

// zeros has no end.
type zeros struct{}

// Read gives zeros.
func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
