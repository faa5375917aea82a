package public

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// perPage is how many campaigns one page of the list shows.
const perPage = 20

// Front answers /: the campaigns of all organisations, with a search.
func (p *Pages) Front(w http.ResponseWriter, r *http.Request) error {
	asked := r.URL.Query()
	text, state := strings.TrimSpace(asked.Get("q")), asked.Get("state")
	if len([]rune(text)) > 100 {
		text = string([]rune(text)[:100])
	}
	number, err := strconv.Atoi(asked.Get("page"))
	if err != nil || number < 1 || number > 1000 {
		number = 1
	}
	build := func(ctx context.Context) (page.Page, error) {
		found, err := others(ctx, p.DB, othersQuery{text: text, state: state, on: p.today(), limit: perPage + 1, offset: (number - 1) * perPage})
		more := len(found) > perPage
		if more {
			found = found[:perPage]
		}
		return newFrontPage(text, state, number, more, rows(found, p.today())), err
	}
	if text == "" && state == "" && number == 1 {
		return p.show(w, r, build)
	}
	return p.showOnce(w, r, build)
}

func newFrontPage(text, state string, number int, more bool, list []page.ListRow) FrontPage {
	f := FrontPage{
		Public: page.Public{Title: "募金をさがす", Description: "使いみちを先に約束する、地域の募金の一覧です。", Current: "/"},
		Asked:  text != "" || state != "" || number > 1, Rows: list,
		Search: page.Search{Action: "/", Label: "募金をさがす", Name: "q", Value: text, Hint: "団体・町の名前・ことば", Kinds: []page.Select{{
			Name: "state", Label: "いまの状態", Options: stateOptions(state)}}},
		None: page.Empty{Text: "まだ募金はありません。団体が使いみちを公表すると、ここに並びます。"},
	}
	if text != "" {
		f.None = page.Empty{Text: "「" + text + "」の募金は見つかりませんでした。ことばを短くするか、町の名前でさがしてください。", Link: page.Link{Href: "/", Text: "ぜんぶの募金を見る"}}
	} else if f.Asked {
		f.None = page.Empty{Text: "その状態の募金は、いまありません。", Link: page.Link{Href: "/", Text: "ぜんぶの募金を見る"}}
	}
	if len(list) > 0 {
		first := (number-1)*perPage + 1
		f.Found = fmt.Sprintf("%d件目から%d件目", first, first+len(list)-1)
	}
	at := func(n int) string {
		return "/?" + url.Values{"q": {text}, "state": {state}, "page": {strconv.Itoa(n)}}.Encode()
	}
	if number > 1 {
		f.Pager.Before = page.Link{Href: at(number - 1), Text: "前の20件"}
	}
	if more {
		f.Pager.After = page.Link{Href: at(number + 1), Text: "次の20件"}
	}
	return f
}

func stateOptions(chosen string) []page.Option {
	options := []page.Option{{Value: "", Text: "すべて"}, {Value: "open", Text: "募金中"}, {Value: "late", Text: "報告待ち"}, {Value: "reported", Text: "報告ずみ"}}
	for i := range options {
		options[i].Chosen = options[i].Value == chosen
	}
	return options
}
