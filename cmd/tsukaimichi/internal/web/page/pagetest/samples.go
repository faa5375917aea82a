package pagetest

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// Samples renders each sample of a room under its name, checks its structure, and returns the HTML by name for further looking.
// A template of the room that no sample uses is a failure. All samples are practice data, and say so.
func Samples(t *testing.T, room page.Room, samples map[string]page.Page) map[string]string {
	t.Helper()
	renderer, err := page.NewRenderer(page.Site{
		Practice: true, PracticeLinks: []page.Link{{Href: "/practice/clock", Text: "時計を進める"}},
		Operator: "若葉野市 練習センター", OperatorTel: "0000-00-0001", OperatorHours: "平日 9時〜17時", OperatorMail: "renshu@example.jp",
	}, room)
	if err != nil {
		t.Fatal(err)
	}
	rendered, used := map[string]string{}, map[string]bool{}
	for name, sample := range samples {
		var b bytes.Buffer
		if err := renderer.Write(&b, sample); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		used[sample.Template()] = true
		rendered[name] = b.String()
		for _, fault := range Faults(b.String()) {
			t.Errorf("%s: %s", name, fault)
		}
		keep(t, path.Join(room.Name, name+".html"), b.Bytes())
	}
	files, err := fs.Glob(room.Files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if !strings.HasPrefix(name, "_") && !used[room.Name+"/"+name] {
			t.Errorf("%s: no sample renders it", file)
		}
	}
	return rendered
}

// keep writes a page for looking at, if that is wished.
func keep(t *testing.T, name string, content []byte) {
	t.Helper()
	dir := os.Getenv("TSUKAIMICHI_SHOTS")
	if dir == "" {
		return
	}
	write := func(name string, content []byte) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(name, content)
	for name, content := range page.StaticFiles() {
		write("static/"+name, content)
	}
}
