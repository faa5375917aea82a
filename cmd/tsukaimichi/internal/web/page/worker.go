package page

import (
	"crypto/sha256"
	_ "embed" // the worker
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/shelf"
)

// The worker's own address, which lets it see every page of the site, and the page it shows where it has nothing.
const (
	WorkerPath  = "/worker.js"
	OfflinePath = "/offline"
)

//go:embed worker.js
var workerScript string

// workerFiles are the static files every public page needs.
var workerFiles = []string{"tokens.css", "site.css", "mark.svg", "comfort.js"}

// Worker serves the script that keeps public pages for when the line drops. It is another one, and what the one before kept is forgotten, whenever a static file of
// every page is. Public pages name it (layout/public); comfort.js starts it.
func Worker() http.Handler {
	var files []string
	for _, name := range workerFiles {
		address, err := StaticURL(name)
		if err != nil {
			panic(err) // the file is part of the program
		}
		files = append(files, address)
	}
	list, err := json.Marshal(files)
	if err != nil {
		panic(err) // texts alone
	}
	sum := sha256.Sum256([]byte(string(list) + workerScript))
	script := fmt.Sprintf("const version = %q, files = %s;\n%s", hex.EncodeToString(sum[:8]), list, workerScript)
	answer, err := shelf.NewAnswer([]byte(script), "text/javascript; charset=utf-8")
	if err != nil {
		panic(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer.Send(w, r, shelf.Ask) })
}
