package everypage

import (
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// publishOne publishes the report of the sample's closed campaign and corrects it, so that the crawl finds published pages, a superseded one
// and the letters about them.
func publishOne(t *testing.T, at string) {
	t.Helper()
	h := chromium.Sit(t, "代表", at)
	h.GoTo("/practice#renshu-shakyo")
	h.Presses("代表（練習 代表）になる")
	h.Presses("募金")
	h.Presses("歳末たすけあい募金")
	h.Presses("報告を書く")
	for _, use := range []string{"年末見舞金", "歳末見舞品", "地域援助事業"} {
		h.Fills("「"+use+"」", use+"の理由です。")
	}
	h.Fills("したこと", "見守りの訪問をしました。")
	h.Fills("回数", "12")
	h.Fills("のべ人数", "619")
	h.Fills("ことば", "毎年、楽しみにしています。")
	h.Fills("だれのことばか", "80代の方")
	h.Ticks("本人（子どもは保護者）に")
	h.Fills("うまくいかなかったこと", "知らせるのがおそくなりました。")
	h.Fills("残りをどうするか", "来年の行事に使います。")
	h.Fills("いつまでに使うか", ledger.DateOf(time.Now()).AddDays(100).String())
	publish(h, "公表して、寄付した方に知らせる")

	h.GoTo(h.Path() + "/published")
	h.Fills("何を、なぜ直すか", "回数を11回から12回に直しました。数えまちがえていました。おわびします。")
	h.Presses("訂正版の下書きを始める")
	publish(h, "訂正版を公表して、寄付した方に知らせる")
}

// publish goes from what is written to what is out.
func publish(h *chromium.Hands, button string) {
	h.T.Helper()
	h.Presses("残して、公表の確認へ進む")
	h.Ticks("この内容で公表します")
	h.Presses(button)
	h.Sees("公表ずみ")
}
