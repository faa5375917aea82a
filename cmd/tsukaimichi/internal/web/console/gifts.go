package console

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// giftsOnPage is how many gifts a page of the list has.
const giftsOnPage = 40

// GiftsPage is the list of gifts. It is asked for by POST when a name is searched, because names do not belong into addresses.
type GiftsPage struct {
	page.Console
	Action string
	Text   string
	Kinds  []page.Select
	Gifts  []GiftRow
	Empty  page.Empty
	Enter  page.Link
	More   page.Link // to the gifts nobody asked for
	Next   Hidden    // the place after which the next page begins; empty on the last
	Asked  []Hidden  // what was asked for, for the next page
}

// unaskedOnly asks the list for gifts to no campaign.
const unaskedOnly = "none"

// GiftRow is a gift in the list.
type GiftRow struct {
	On     string
	Name   string
	Href   string
	Amount string
	Where  []string
	Tag    page.Tag
}

// Template names the template of the page.
func (GiftsPage) Template() string { return "console/gifts" }

// Gifts lists the gifts, the newest first. It answers GET with filters and POST with words to search for.
func (p *Pages) Gifts(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	asked, err := searched(w, r)
	if err != nil {
		return err
	}
	filter := campaigns.GiftFilter{CampaignID: asked.id("campaign"), Status: campaigns.DonationStatus(asked.Get("status")),
		Channel: campaigns.Channel(asked.Get("channel")), Text: asked.text("q")}
	if asked.Get("campaign") == unaskedOnly {
		filter.CampaignID = campaigns.NoCampaign
	}
	before, beforeID := readPlace(asked.Get("after"))
	gifts, err := campaigns.Gifts(r.Context(), p.DB, d.Organisation.ID, filter, before, beforeID, giftsOnPage+1)
	if err != nil {
		return err
	}
	all, err := standings(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	list := buildGifts(d, asked, gifts, all)
	list.Console = d.Frame(r, "寄付", page.Money, page.Link{Href: d.Path("money"), Text: "お金の出入り"})
	return p.Renderer.Render(w, http.StatusOK, list)
}

// readPlace reads where a page of gifts begins: an instant and an id.
func readPlace(text string) (time.Time, int64) {
	at, id, _ := strings.Cut(text, "_")
	micros, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return time.Time{}, 0
	}
	n, _ := strconv.ParseInt(id, 10, 64)
	return time.UnixMicro(micros), n
}

func buildGifts(d Desk, asked typed, gifts []campaigns.ListedGift, all []standing) GiftsPage {
	list := GiftsPage{Action: d.Path("gifts"), Text: asked.text("q"), Kinds: giftKinds(asked, all)}
	if len(gifts) > giftsOnPage {
		last := gifts[giftsOnPage-1]
		list.Next = Hidden{"after", fmt.Sprintf("%d_%d", last.EnteredAt.UnixMicro(), last.ID)}
		gifts = gifts[:giftsOnPage]
	}
	for _, name := range []string{"q", "campaign", "status", "channel"} {
		if value := asked.text(name); value != "" {
			list.Asked = append(list.Asked, Hidden{name, value})
		}
	}
	for _, g := range gifts {
		list.Gifts = append(list.Gifts, giftRow(d, g))
	}
	if d.May(enterers...) {
		list.Enter = page.Link{Href: d.Path("gifts", "new"), Text: "寄付を入れる"}
	}
	list.More = page.Link{Href: d.Path("gifts", "unasked"), Text: "募金ではない寄付の、使いみちを決める"}
	list.Empty = page.Empty{Text: "まだ寄付はありません。届くと、ここに出ます。封筒や現金は「寄付を入れる」で入れます。"}
	if len(list.Asked) > 0 {
		list.Empty = page.Empty{Text: "さがした寄付は、ありませんでした。ことばや選び方を変えてください。", Link: page.Link{Href: list.Action, Text: "みな見る"}}
	}
	return list
}

func giftKinds(asked typed, all []standing) []page.Select {
	titles := []page.Option{{Value: "", Text: "すべて"}}
	for _, c := range all {
		if c.Public() {
			titles = append(titles, page.Option{Value: fmt.Sprint(c.ID), Text: titleOf(c)})
		}
	}
	titles = append(titles, page.Option{Value: unaskedOnly, Text: "募金ではない寄付"})
	states := []page.Option{{Value: "", Text: "すべて"}, {Value: "paid", Text: "届いた"}, {Value: "pending", Text: "お支払い待ち"},
		{Value: "expired", Text: "期限切れ"}, {Value: "failed", Text: "払われなかった"}}
	ways := []page.Option{{Value: "", Text: "すべて"}}
	for _, c := range []campaigns.Channel{campaigns.Card, campaigns.Konbini, campaigns.Transfer, campaigns.Slip, campaigns.Cash, campaigns.Box, campaigns.Envelope} {
		ways = append(ways, page.Option{Value: string(c), Text: channelName(c)})
	}
	kinds := []page.Select{{Name: "campaign", Label: "募金", Options: titles}, {Name: "status", Label: "状態", Options: states}, {Name: "channel", Label: "届き方", Options: ways}}
	for i := range kinds {
		for j := range kinds[i].Options {
			kinds[i].Options[j].Chosen = kinds[i].Options[j].Value == asked.Get(kinds[i].Name)
		}
	}
	return kinds
}

func giftRow(d Desk, g campaigns.ListedGift) GiftRow {
	row := GiftRow{On: page.DayOnly(g.GivenOn), Name: g.DonorName, Href: d.Path("gifts", g.ID), Amount: page.YenText(g.Amount),
		Where: []string{channelName(g.Channel)}}
	if tag := giftTag(g.Donation); tag.Kind != page.TagDone {
		row.Tag = tag
	}
	if row.Name == "" {
		row.Name = "お名前なし"
	}
	if g.Title != "" {
		row.Where = append(row.Where, g.Title)
	} else {
		row.Where = append(row.Where, "一般")
	}
	switch {
	case g.ReceiptID > 0:
		row.Where = append(row.Where, "領収書 出しました")
	case g.Stands() && g.ReceiptWanted != "none":
		row.Where = append(row.Where, "領収書 まだ")
	}
	return row
}

func channelName(c campaigns.Channel) string {
	switch c {
	case campaigns.Card:
		return "カード"
	case campaigns.Konbini:
		return "コンビニ"
	case campaigns.Transfer:
		return "銀行の振込"
	case campaigns.Slip:
		return "郵便の払込票"
	case campaigns.Cash:
		return "現金"
	case campaigns.Box:
		return "募金箱"
	case campaigns.Envelope:
		return "封筒"
	}
	return string(c)
}

func giftTag(g campaigns.Donation) page.Tag {
	switch {
	case !g.ReversedAt.IsZero():
		return page.Tag{Kind: page.TagDraft, Text: "取り消しました"}
	case g.Status == campaigns.Paid && g.Refunded >= g.Amount:
		return page.Tag{Kind: page.TagLate, Text: "返しました"}
	case g.Status == campaigns.Paid && g.Refunded > 0:
		return page.Tag{Kind: page.TagWait, Text: "一部を返しました"}
	case g.Status == campaigns.Paid:
		return page.Tag{Kind: page.TagDone, Text: "届きました"}
	case g.Status == campaigns.Pending:
		return page.Tag{Kind: page.TagWait, Text: "お支払い待ち"}
	case g.Status == campaigns.Expired:
		return page.Tag{Kind: page.TagDraft, Text: "期限切れ"}
	}
	return page.Tag{Kind: page.TagDraft, Text: "払われませんでした"}
}
