package door

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// AppPage says what an app is and has the button that begins.
type AppPage struct {
	page.Console
	Next string
}

// Template names the page.
func (AppPage) Template() string { return "door/app" }

// AppKeyPage has the key of the app, as a picture and to be typed, and asks for its digits.
type AppKeyPage struct {
	page.Console
	Picture  template.HTML
	Key      string
	Problems page.Problems
	Code     page.Field
	Next     string
}

// Template names the page.
func (AppKeyPage) Template() string { return "door/app_key" }

func newAppPage(p auth.Person, next string) AppPage {
	return AppPage{Console: frame(p, "確認アプリの設定", toAccount), Next: next}
}

func newAppKeyPage(p auth.Person, next, key string, picture template.HTML, problem string) AppKeyPage {
	wrong := map[string]string{}
	if problem != "" {
		wrong["code"] = problem
	}
	form := page.NewForm(nil, wrong)
	a := AppKeyPage{Console: frame(p, "確認アプリの設定", toAccount), Next: next, Key: key, Picture: picture}
	a.Code = form.Field(page.Field{Name: "code", Label: "アプリに出ている6けたの数字", Hint: "30秒ごとに変わります。変わったら、新しい数字を入れてください。", InputMode: "numeric", Autocomplete: "one-time-code", Required: true})
	a.Problems = form.Problems()
	a.NeedsFix = problem != ""
	return a
}

func appPath(next string) string { return "/account/app?next=" + url.QueryEscape(next) }

// drawCode draws the modules of a QR code as SVG: the policy lets no picture into the page that is not a file of ours, and the key is none.
func drawCode(modules [][]bool) template.HTML {
	const quiet = 4 // white modules around it, which cameras need
	var path strings.Builder
	for y, row := range modules {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	side := len(modules) + 2*quiet
	return template.HTML(fmt.Sprintf(`<svg class="qr" viewBox="%d %d %d %d" role="img" aria-label="確認アプリで読み取る四角いもよう（QRコード）" shape-rendering="crispEdges">`+
		`<rect x="%d" y="%d" width="%d" height="%d" fill="#fff"/><path d="%s" fill="#000"/></svg>`,
		-quiet, -quiet, side, side, -quiet, -quiet, side, side, path.String()))
}
