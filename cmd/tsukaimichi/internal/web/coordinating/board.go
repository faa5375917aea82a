package coordinating

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/applying"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of these pages, for page.NewRenderer.
var Room = page.Room{Name: "coordinating", Files: templates}

// Pages are the pages of a coordinator above all groups with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
}

// Routes is the whole map of the room: for coordinators of any group.
func (p *Pages) Routes() []console.Route {
	only := []ledger.Role{ledger.Coordinator}
	return []console.Route{
		{Method: http.MethodGet, Path: console.BoardPath, Roles: only, Handler: p.Board},
		{Method: http.MethodPost, Path: console.BoardPath, Roles: only, Handler: p.Board}, // searching by words, which do not belong into addresses: changes nothing
	}
}

// BoardPage is every draft of every group of a coordinator.
type BoardPage struct {
	page.Console
	Counts []page.Pair
	Search page.Search
	Rows   []Row
	Empty  page.Empty
	Groups []page.ListRow
}

// Template names the template of the page.
func (BoardPage) Template() string { return "coordinating/board" }

// Row is one draft.
type Row struct {
	applying.Line
	GroupHref string
}

// Board shows the drafts of all groups, the most urgent first.
func (p *Pages) Board(w http.ResponseWriter, r *http.Request) error {
	seat, err := console.SeatOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	rows, err := p.rows(r.Context(), seat)
	if err != nil {
		return err
	}
	shown := BoardPage{Search: search(seat, r.PostForm), Empty: page.Empty{Text: "当てはまる申請はありません。"}}
	if len(rows) == 0 {
		shown.Empty.Text = "まだ申請はありません。団体のページで、合う助成をさがして書き始めます。"
	}
	shown.Counts = counts(rows)
	for _, row := range rows {
		if fits(row, r.PostForm) {
			shown.Rows = append(shown.Rows, row)
		}
	}
	written := map[string]int{}
	for _, row := range rows {
		written[row.Slug]++
	}
	for _, o := range seat.Groups {
		shown.Groups = append(shown.Groups, page.ListRow{Name: o.Name, Href: "/desk/" + url.PathEscape(o.Slug) + "/applications", Text: fmt.Sprintf("申請 %d", written[o.Slug])})
	}
	shown.Console = seat.Frame(r, "申請の一覧", console.BoardPath, "draft.done_")
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// rows are the drafts of the groups the seat has today, and of no others.
func (p *Pages) rows(ctx context.Context, seat console.Seat) ([]Row, error) {
	lines, err := applying.NewLines(p.DB, seat.Today()).Of(ctx, seat.Groups...)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(lines))
	for i, line := range lines {
		rows[i] = Row{Line: line, GroupHref: "/desk/" + url.PathEscape(line.Slug)}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return a.Urgency() - b.Urgency() })
	return rows, nil
}

// counts say how many stand how, in the order of urgency; what nobody has is left out.
func counts(rows []Row) []page.Pair {
	var pairs []page.Pair
	for _, l := range applying.Lights {
		n := 0
		for _, row := range rows {
			if row.Light == l.Light {
				n++
			}
		}
		if n > 0 {
			pairs = append(pairs, page.Pair{Term: l.Tag.Text, Text: fmt.Sprintf("%d件", n)})
		}
	}
	return pairs
}

func search(seat console.Seat, typed url.Values) page.Search {
	groups := []page.Option{{Text: "すべての団体"}}
	for _, o := range seat.Groups {
		groups = append(groups, page.Option{Value: o.Slug, Text: o.Name, Chosen: o.Slug == typed.Get("group")})
	}
	lights := []page.Option{{Text: "すべて"}}
	for _, l := range applying.Lights {
		lights = append(lights, page.Option{Value: string(l.Light), Text: l.Tag.Text, Chosen: string(l.Light) == typed.Get("light")})
	}
	turns := []page.Option{{Text: "だれの番でも"}, {Value: "mine", Text: "コーディネーターの番"}, {Value: "theirs", Text: "団体の番"}}
	for i := range turns {
		turns[i].Chosen = turns[i].Value == typed.Get("turn")
	}
	return page.Search{Post: true, Action: console.BoardPath, Label: "申請をさがす", Name: "q", Value: typed.Get("q"), Hint: "申請・助成・人のことば",
		Kinds: []page.Select{{Name: "group", Label: "団体", Options: groups}, {Name: "light", Label: "ようす", Options: lights}, {Name: "turn", Label: "番", Options: turns}}}
}

// fits reports whether a row is looked for.
func fits(row Row, typed url.Values) bool {
	words := strings.Join([]string{row.Title, row.Call, row.Task, row.Turn, row.Group}, "\n")
	for _, word := range strings.Fields(typed.Get("q")) {
		if !strings.Contains(words, word) {
			return false
		}
	}
	switch {
	case typed.Get("group") != "" && row.Slug != typed.Get("group"),
		typed.Get("light") != "" && string(row.Light) != typed.Get("light"),
		typed.Get("turn") == "mine" && !row.Coordinators, typed.Get("turn") == "theirs" && row.Coordinators:
		return false
	}
	return true
}
