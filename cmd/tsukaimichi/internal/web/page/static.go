package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/shelf"
)

// StaticPath is where Static has to be mounted.
const StaticPath = "/static/"

//go:embed static
var staticFiles embed.FS

// staticFile is a stylesheet, script or picture with the hash of its content, packed once for all readers.
type staticFile struct {
	shelf.Answer
	bytes []byte
	hash  string // the first 16 hex digits of SHA-256
}

var statics = readStatics()

func readStatics() map[string]staticFile {
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	files := map[string]staticFile{}
	for _, entry := range entries {
		content, err := staticFiles.ReadFile("static/" + entry.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		answer, err := shelf.NewAnswer(content, mime.TypeByExtension(path.Ext(entry.Name())))
		if err != nil {
			panic(err)
		}
		files[entry.Name()] = staticFile{answer, content, hex.EncodeToString(sum[:8])}
	}
	return files
}

// StaticURL is the address of a static file with the hash of its content, so that it can be kept for ever. A name that does not exist
// is an error: it stops the page in its test.
func StaticURL(name string) (string, error) {
	file, ok := statics[name]
	if !ok {
		return "", fmt.Errorf("static file %s: does not exist", name)
	}
	return StaticPath + name + "?v=" + file.hash, nil
}

// Static serves the static files under StaticPath. The address with the right hash is kept for a year, any other is asked for again
// each time and answered 304 while it is the same.
func Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, ok := statics[path.Base(r.URL.Path)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		keeping := shelf.Ask
		if r.URL.Query().Get("v") == file.hash {
			keeping = shelf.ForEver
		}
		file.Send(w, r, keeping)
	})
}

// StaticFiles returns the content of every static file by name.
func StaticFiles() map[string][]byte {
	contents := map[string][]byte{}
	for name, file := range statics {
		contents[name] = file.bytes
	}
	return contents
}
