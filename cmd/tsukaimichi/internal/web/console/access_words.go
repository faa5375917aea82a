package console

import (
	"fmt"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// clockText writes 9:05.
func clockText(at time.Time) string {
	at = at.In(ledger.Tokyo)
	return fmt.Sprintf("%d:%02d", at.Hour(), at.Minute())
}

// openerName is who opened it, with where he stands if he is no member.
func openerName(o access.Opened) string {
	switch o.Who {
	case "operator":
		return o.Name + "（運営）"
	case "command":
		return "運営（機械の上のコマンド）"
	}
	return o.Name
}

// openedNames are the sorts of private things as people call them.
var openedNames = map[access.What]string{
	access.GiftList: "寄付の一覧", access.OneGift: "寄付", access.Receipt: "領収書", access.Evidence: "レシートなどの書類", access.Export: "書き出し",
	access.MemberList: "メンバーの名簿", access.Page: "ページ", access.Change: "設定の変更", access.Vetting: "団体の確認のページ（名前・代表・住所・振込先）",
}

// roomNames are the first words of addresses as the navigation calls them.
var roomNames = map[string]string{
	"": "今日の仕事", "campaigns": "募金", "gifts": "寄付", "expenses": "支出", "money": "お金の出入り", "book": "帳簿", "reports": "報告", "settings": "設定", "plans": "計画",
	"grants": "助成", "profile": "団体のこと", "access": "運営に読ませる",
}

// openedText is what was opened: 寄付 12番. A page without a name of its own is called after its room, and what has none is its address, without
// what stood in it.
func openedText(o access.Opened) string {
	text := openedNames[o.What]
	_, path, atDesk := strings.Cut(o.Route, "/desk/{org}")
	room, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case o.What == access.Page && roomNames[room] != "":
		text = "「" + roomNames[room] + "」のページ"
	case o.What == access.Export && room == "access":
		text = "この記録の書き出し"
	case o.What == access.Export && atDesk && roomNames[room] != "":
		text = roomNames[room] + "の書き出し"
	case o.What == access.Page, o.What == access.Change, o.What == access.Export:
		text += "（" + strings.TrimPrefix(o.Route, "GET ") + "）"
	}
	if o.SubjectID > 0 {
		text += fmt.Sprintf(" %d番", o.SubjectID)
	}
	return text
}
