package public

import (
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// LogPage is お金の記録: the newest checkpoint, how to compare a paper with it, and the key.
type LogPage struct {
	page.Public
	Organisation string
	Newest       *SignedRow // nil while nothing is signed
	After        string     // what came since
	Asked        string     // the number that was looked for
	Answer       page.Notice
	Action       string
	Rows         []SignedRow
	Key          string
	Origin       string
	Root         string
	HashesHref   string
	TraceHref    string
	Entries      []page.Document
}

// SignedRow is one checkpoint.
type SignedRow struct {
	UpTo, Digits, At, Href string
}

// Template names the page.
func (LogPage) Template() string { return "public/log" }

// Log is what the page is made from.
type Log struct {
	Organisation ledger.Organisation
	Records      int64
	Signed       []chain.Signed // the newest first
	Key          string
	Asked        string
	Found        *chain.Signed // what was signed at the number that was asked for
}

// NewLogPage builds the page.
func NewLogPage(l Log) LogPage {
	at := logHref(l.Organisation)
	p := LogPage{
		Public: page.Public{Title: "お金の記録を確かめる", Description: l.Organisation.Name + "のお金の記録と、その指紋。",
			Crumbs: []page.Link{{Href: "/o/" + l.Organisation.Slug, Text: l.Organisation.Name}}},
		Organisation: l.Organisation.Name, Action: at, Asked: l.Asked, HashesHref: at + "/hashes", TraceHref: "/o/" + l.Organisation.Slug + "/trace", Key: l.Key,
	}
	for _, s := range l.Signed {
		p.Rows = append(p.Rows, signedRow(at, s))
	}
	if len(l.Signed) > 0 {
		newest := l.Signed[0]
		row := signedRow(at, newest)
		p.Newest, p.Origin, p.Root = &row, newest.Origin, newest.Root.String()
		if more := l.Records - newest.Size; more > 0 {
			p.After = "そのあと、" + page.Count(int(more)) + "件の記録がありました。署名は10分ごとです。"
		}
	}
	p.Answer = answer(l)
	return p
}

// answer says what was signed at the number a reader asked for.
func answer(l Log) page.Notice {
	switch {
	case l.Asked == "":
		return page.Notice{}
	case l.Found != nil:
		return page.Notice{Tag: page.Tag{Kind: page.TagDone, Text: "見つかりました"}, Head: "第" + page.Count(int(l.Found.Size)) + "番までの指紋", Alert: true,
			Text: l.Found.Fingerprint() + "\n紙の20けたと、1けたずつくらべてください。ちがうときは、団体の監事に知らせてください。"}
	}
	return page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "ありません"}, Head: "その番号の署名は、ありません", Attend: true, Alert: true,
		Text: "紙の「第〇番まで」の数字だけを入れてください。番号が合っているのに見つからないときは、団体の監事に知らせてください。"}
}
