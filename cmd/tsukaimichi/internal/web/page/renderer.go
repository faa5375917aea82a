package page

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed templates/*.html
var ownTemplates embed.FS

// Page is a struct of its own with a template of its own. A page embeds Public or Console, which bring Layout.
type Page interface {
	// Layout names the frame around the page.
	Layout() string
	// Template names the room and the file without its ending: "public/campaign".
	Template() string
}

// Room is the templates of one package: every templates/NAME.html is the page ROOM/NAME; files whose name begins with an
// underscore are shared by the pages of the room.
type Room struct {
	Name  string
	Files fs.FS // holds a folder templates
}

// Renderer turns pages into HTML. It is made once and used by everybody at the same time.
type Renderer struct {
	site  Site
	pages map[string]*template.Template
}

// NewRenderer parses every template of every room; a template that does not parse is an error here and not before a reader.
func NewRenderer(site Site, rooms ...Room) (*Renderer, error) {
	base := template.New("").Funcs(functions())
	base, err := base.ParseFS(ownTemplates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("shared templates: %w", err)
	}
	r := &Renderer{site: site, pages: map[string]*template.Template{}}
	for _, room := range rooms {
		if err := r.parse(base, room); err != nil {
			return nil, fmt.Errorf("templates of %s: %w", room.Name, err)
		}
	}
	return r, nil
}

// Site is what every page has in common.
func (r *Renderer) Site() Site { return r.site }

func (r *Renderer) parse(base *template.Template, room Room) error {
	files, err := fs.Glob(room.Files, "templates/*.html")
	if err != nil {
		return err
	}
	shared, err := base.Clone()
	if err != nil {
		return err
	}
	for _, file := range files {
		if strings.HasPrefix(path.Base(file), "_") {
			if _, err := shared.ParseFS(room.Files, file); err != nil {
				return err
			}
		}
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if strings.HasPrefix(name, "_") {
			continue
		}
		set, err := shared.Clone()
		if err != nil {
			return err
		}
		if _, err := set.ParseFS(room.Files, file); err != nil {
			return err
		}
		if set.Lookup("main") == nil {
			return fmt.Errorf(`%s defines no "main"`, file)
		}
		r.pages[room.Name+"/"+name] = set
	}
	return nil
}

// view is what a layout sees; the template of the page itself sees Page alone.
type view struct {
	Site Site
	Page Page
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largestKept is the size in bytes above which a buffer is left to the collector, so that one huge page does not stay for ever.
const largestKept = 1 << 20

// ErrSilent says that a page was to refuse what was sent and nothing on it says why: what the form was about has changed since, and the page has no place
// for it any more.
var ErrSilent = errors.New("page: refuses and does not say why")

// silent reports whether a refusal lacks both a field that is marked and a notice that is read out.
func silent(status int, html []byte) bool {
	refuses := status == http.StatusUnprocessableEntity || status == http.StatusConflict
	return refuses && !bytes.Contains(html, []byte(`aria-invalid="true"`)) && !bytes.Contains(html, []byte(`role="alert"`))
}

// Render sends the page with the status. Nothing is sent before the whole page is ready: on an error, ErrSilent among them, the caller can still answer
// with another page.
func (r *Renderer) Render(w http.ResponseWriter, status int, p Page) error {
	buffer := buffers.Get().(*bytes.Buffer)
	buffer.Reset()
	defer func() {
		if buffer.Cap() <= largestKept {
			buffers.Put(buffer)
		}
	}()
	if err := r.Write(buffer, p); err != nil {
		return err
	}
	if silent(status, buffer.Bytes()) {
		return fmt.Errorf("page %s: %w", p.Template(), ErrSilent)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p.Layout() == (Public{}).Layout() {
		w.Header().Add("Vary", "Cookie") // its readings
	}
	w.WriteHeader(status)
	// A reader who went away is no error of ours.
	_, _ = w.Write(buffer.Bytes())
	return nil
}

// Write writes the page as it is rendered; after an error what was written is useless.
func (r *Renderer) Write(w io.Writer, p Page) error {
	set := r.pages[p.Template()]
	if set == nil {
		return fmt.Errorf("page %s: no such template", p.Template())
	}
	if err := set.ExecuteTemplate(w, p.Layout(), view{Site: r.site, Page: p}); err != nil {
		return fmt.Errorf("page %s: %w", p.Template(), err)
	}
	return nil
}
