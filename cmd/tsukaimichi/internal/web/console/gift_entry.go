package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NewGift asks for a gift whose money somebody has in hand.
func (p *Pages) NewGift(w http.ResponseWriter, r *http.Request) error {
	first := url.Values{"campaign": {r.URL.Query().Get("campaign")}}
	return p.giftForm(w, r, http.StatusOK, typed{Values: first}, nil)
}

// EnterGift reads the gift back first, and books it when that was said to be right.
func (p *Pages) EnterGift(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	if t.Get("do") == "mend" {
		return p.giftForm(w, r, http.StatusOK, t, nil)
	}
	gift, at := readGift(d, t)
	right := t.Get("do") == "right"
	var entered campaigns.Donation
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		var err error
		if entered, err = campaigns.Enter(r.Context(), tx, gift, at, d.By(), d.Now); err != nil {
			return err
		}
		if !right {
			return errRehearsed
		}
		return nil
	})
	if errors.Is(err, errRehearsed) {
		return p.readBack(w, r, t, gift, entered)
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.giftForm(w, r, http.StatusUnprocessableEntity, t, problems)
	}
	return redirect(w, r, d.Path("gifts", entered.ID), "gift_entered")
}

// places by the way a gift came, where nothing else is said.
var placeOfChannel = map[campaigns.Channel]int{
	campaigns.Cash: ledger.CashBox, campaigns.Box: ledger.CashBox, campaigns.Envelope: ledger.CashBox,
	campaigns.Transfer: ledger.Bank, campaigns.Slip: ledger.Postal,
}

// readGift reads the form, and the place its money lies in.
func readGift(d Desk, t typed) (campaigns.Gift, int) {
	channel := campaigns.Channel(t.Get("channel"))
	at := int(t.id("place"))
	if at == 0 {
		at = placeOfChannel[channel]
	}
	counted := int(min(t.count("counted"), 1_000_000))
	if t.text("counted") == "" {
		counted = 1
	}
	campaign, use := readPurposeOfGift(t.Get("for"))
	if !t.Has("for") {
		campaign = t.id("campaign")
	}
	gift := campaigns.Gift{
		OrganisationID: d.Organisation.ID, CampaignID: campaign, UseID: use, Channel: channel, Amount: t.yen("amount"),
		Donor: campaigns.Donor{Name: t.text("name"), Kana: t.text("kana"), Mail: t.text("mail"), PostalCode: t.text("postal_code"),
			Address: t.text("address"), Phone: t.text("phone")},
		CountsAs: campaigns.CountsAs(t.Get("counts_as")), Counted: counted, Display: campaigns.Display(t.Get("display")),
		Message: t.text("message"), Wish: t.text("wish"), GivenOn: t.day("given_on"), ReceiptWanted: t.Get("receipt_wanted"), ToldBy: t.text("told_by"),
		Key: t.Get("key"), Token: newKey() + newKey(),
	}
	if kind := t.Get("counts_as"); kind == "household" || kind == "company" {
		gift.Donor.Kind = kind
	}
	return gift, at
}

// readPurposeOfGift reads "12-3": a campaign and the use the giver named; "0-0" is the general fund.
func readPurposeOfGift(text string) (campaign, use int64) {
	_, _ = fmt.Sscanf(text, "%d-%d", &campaign, &use)
	return campaign, use
}

func (p *Pages) giftForm(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	all, err := standings(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	held, err := places(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	if t.Get("for") == "" && t.Values != nil && t.Get("campaign") != "" {
		t.Set("for", t.Get("campaign")+"-0")
	}
	form := buildGiftForm(d, t, problems, all, held)
	form.Console = d.Frame(r, "寄付を入れる", page.Money, page.Link{Href: d.Path("gifts"), Text: "寄付"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

// giftPurposes are the campaigns a gift can be for, each with its uses, the newest first.
func giftPurposes(all []standing) []page.Option {
	var options []page.Option
	for _, c := range all {
		if c.Status == campaigns.Draft || c.Status == campaigns.Reported || c.Plan.Yenless() {
			continue
		}
		options = append(options, page.Option{Value: fmt.Sprintf("%d-0", c.ID), Text: titleOf(c) + "（使いみちは、おまかせ）"})
		for _, u := range c.Plan.Uses {
			options = append(options, page.Option{Value: fmt.Sprintf("%d-%d", c.ID, u.UseID), Text: titleOf(c) + "／" + u.Name})
		}
	}
	return append(options, page.Option{Value: "0-0", Text: "一般（募金ではない寄付）"})
}

// unclearOption lets yen in 照合待ち, paid a second time and left to the group, become a gift.
func unclearOption(held []place) []page.Option {
	for _, p := range held {
		if p.Code == ledger.Unclear && p.Balance < 0 { // came in, and is nobody's yet
			return []page.Option{{Value: fmt.Sprint(p.Code), Text: p.Plain, Note: page.YenText(-p.Balance) + "円が照合待ちです"}}
		}
	}
	return nil
}

func buildGiftForm(d Desk, t typed, problems map[string]string, all []standing, held []place) FormPage {
	b := builder{form: page.NewForm(t.Values, problems)}
	var ways []page.Option
	for _, c := range []campaigns.Channel{campaigns.Cash, campaigns.Envelope, campaigns.Box, campaigns.Transfer, campaigns.Slip} {
		ways = append(ways, page.Option{Value: string(c), Text: channelName(c)})
	}
	form := FormPage{Heading: "寄付を入れる", Lead: "現金・封筒・振込など、もう届いているお金を入れます。次の画面で、まちがいがないか確かめます。",
		Action: d.Path("gifts", "new"), Key: t.keyOf(), Button: "入れた内容を確かめる"}
	form.Steps = []FormStep{
		{Legend: "いくら・いつ・どうやって", Items: []Item{
			b.field(yenField("amount", "金額", "")), b.field(dayField("given_on", "寄付した日", d.Today().String())),
			b.choices(page.Choices{Name: "channel", Label: "届き方", Legend: true, Options: ways}),
			b.field(page.Field{Name: "for", Label: "どの募金へ", Options: giftPurposes(all)}),
			b.field(page.Field{Name: "place", Label: "お金のある場所", Aside: "選ばなくてもよい", Options: selectOptions("届き方のとおり（現金は手元、振込は銀行）", append(placeOptions(held), unclearOption(held)...))})}},
		{Legend: "だれを数えるか", Hint: "名前が分からないときは「件」で数えます。", Items: []Item{
			b.choices(page.Choices{Name: "counts_as", Label: "数え方", Value: "nameless", Options: []page.Option{
				{Value: "person", Text: "人", Note: "お名前のある方"}, {Value: "household", Text: "世帯", Note: "回覧の封筒など"},
				{Value: "company", Text: "会社・団体"}, {Value: "nameless", Text: "件", Note: "お名前のわからない寄付"}}}),
			b.field(page.Field{Name: "counted", Label: "いくつ分か", Aside: "書かなければ1", InputMode: "numeric", Hint: "例：封筒が36世帯分なら 36"})}},
		{Legend: "だれから", Hint: "どれも書かなくてもかまいません。領収書や名前を出すときは、お名前がいります。", Items: []Item{
			b.field(page.Field{Name: "name", Label: "お名前", Aside: optional}), b.field(page.Field{Name: "kana", Label: "ふりがな", Aside: optional}),
			b.field(page.Field{Name: "mail", Label: "メールアドレス", Aside: optional, Type: "email"}),
			b.field(page.Field{Name: "postal_code", Label: "郵便番号", Aside: optional, InputMode: "numeric"}),
			b.field(page.Field{Name: "address", Label: "住所", Aside: optional, Rows: 2}), b.field(page.Field{Name: "phone", Label: "電話", Aside: optional, Type: "tel"}),
			b.field(page.Field{Name: "message", Label: "団体へのひとこと", Aside: optional, Rows: 2, MostRunes: 400}),
			b.field(page.Field{Name: "wish", Label: "募金ではない寄付のとき、何に使ってほしいと聞いたか", Aside: optional, Hint: "団体の人だけが読みます。例：こどものために", Rows: 2, MostRunes: 400})}},
		{Legend: "名前の出し方と領収書", Items: []Item{
			b.choices(page.Choices{Name: "display", Label: "お名前の出し方", Legend: true, Value: "anonymous", Options: []page.Option{
				{Value: "anonymous", Text: "名前を出さない"}, {Value: "initials", Text: "イニシャルだけ"}, {Value: "name", Text: "名前を出す"}}}),
			b.choices(page.Choices{Name: "receipt_wanted", Label: "領収書", Legend: true, Value: "none", Options: []page.Option{
				{Value: "none", Text: "いらない"}, {Value: "paper", Text: "紙でほしい", Note: "住所がいります"}, {Value: "mail", Text: "メールでほしい", Note: "メールアドレスがいります"}}})}},
		{Legend: "だれに聞いたか", Items: []Item{
			b.field(page.Field{Name: "told_by", Label: "だれが・どうやって知らせたか", Aside: optional, Hint: "例：1班の班長から封筒を受け取った、本人から電話"})}},
	}
	form.Problems = b.form.Problems()
	return form
}

// ReadBackPage says once more what was typed, before it is booked.
type ReadBackPage struct {
	page.Console
	Amount ledger.Yen
	Pairs  []page.Pair
	Note   string // how it will be counted, where that is another way than was wished
	Action string
	Values []Hidden
}

// Template names the template of the page.
func (ReadBackPage) Template() string { return "console/gift_check" }

func (p *Pages) readBack(w http.ResponseWriter, r *http.Request, t typed, g campaigns.Gift, entered campaigns.Donation) error {
	d := desk(r)
	back := ReadBackPage{Amount: g.Amount, Action: d.Path("gifts", "new")}
	var err error
	wished := g.CountsAs
	g.CountsAs, g.Counted = entered.CountsAs, entered.Counted // as it would be counted, whatever was wished
	if wished == campaigns.CountsPerson && g.CountsAs == campaigns.CountsNameless {
		back.Note = "お名前がないので、「人」ではなく「件」で数えます。お名前を書くと「人」で数えます。"
	}
	if back.Pairs, err = p.giftPairs(r.Context(), d, g); err != nil {
		return err
	}
	for _, name := range []string{"key", "amount", "given_on", "channel", "for", "place", "counts_as", "counted", "name", "kana", "mail", "postal_code",
		"address", "phone", "message", "wish", "display", "receipt_wanted", "told_by"} {
		back.Values = append(back.Values, Hidden{name, t.Get(name)})
	}
	back.Console = d.Frame(r, "寄付の確認", page.Money, page.Link{Href: d.Path("gifts"), Text: "寄付"})
	return p.Renderer.Render(w, http.StatusOK, back)
}

func (p *Pages) giftPairs(ctx context.Context, d Desk, g campaigns.Gift) ([]page.Pair, error) {
	to := "一般（募金ではない寄付）"
	if g.CampaignID > 0 {
		c, err := findStanding(ctx, p.DB, d.Organisation.ID, g.CampaignID)
		if err != nil {
			return nil, err
		}
		to = titleOf(c)
		for _, u := range c.Plan.Uses {
			if u.UseID == g.UseID && g.UseID > 0 {
				to += "／" + u.Name
			}
		}
	}
	pairs := []page.Pair{
		{Term: "寄付した日", Text: page.Day(g.GivenOn), Strong: true}, {Term: "届き方", Text: channelName(g.Channel), Strong: true}, {Term: "どの募金へ", Text: to, Strong: true},
		{Term: "数え方", Text: strconv.Itoa(g.Counted) + countUnit(g.CountsAs), Strong: true},
	}
	for _, pair := range []page.Pair{
		{Term: "お名前", Text: g.Donor.Name}, {Term: "ふりがな", Text: g.Donor.Kana}, {Term: "メールアドレス", Text: g.Donor.Mail},
		{Term: "住所", Text: joinedLines(g.Donor.PostalCode, g.Donor.Address)}, {Term: "電話", Text: g.Donor.Phone}, {Term: "ひとこと", Text: g.Message}, {Term: "願い", Text: g.Wish},
		{Term: "お名前の出し方", Text: displayName(g.Display)}, {Term: "領収書", Text: receiptWish(g.ReceiptWanted)}, {Term: "聞いた人・方法", Text: g.ToldBy},
	} {
		if pair.Text != "" {
			pairs = append(pairs, pair)
		}
	}
	return pairs, nil
}

func joinedLines(a, b string) string {
	if a == "" {
		return b
	}
	return "〒" + a + "\n" + b
}

func countUnit(c campaigns.CountsAs) string {
	switch c {
	case campaigns.CountsPerson:
		return "人"
	case campaigns.CountsHousehold:
		return "世帯"
	case campaigns.CountsCompany:
		return "社"
	}
	return "件"
}

func displayName(d campaigns.Display) string {
	switch d {
	case campaigns.FullName:
		return "名前を出す"
	case campaigns.Initials:
		return "イニシャルだけ"
	}
	return "名前を出さない"
}

func receiptWish(wish string) string {
	switch wish {
	case "paper":
		return "紙でほしい"
	case "mail":
		return "メールでほしい"
	}
	return "いらない"
}
