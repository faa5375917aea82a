package give

import (
	"embed"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of this package.
var Room = page.Room{Name: "give", Files: templates}
