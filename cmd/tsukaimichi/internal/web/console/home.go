package console

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// HomePage is 今日の仕事: what waits for the person, what waits for others, and where the money is.
type HomePage struct {
	page.Console
	On     ledger.Date
	Start  []page.Task // a new organisation: what to do first
	Tasks  []page.Task
	Others []page.Pair
	Guests []page.Pair // who may read although he is no member
	Places page.Agree
	Funds  page.Agree
	Agree  page.Agree
	Enter  page.Link
}

// Template names the template of the page.
func (HomePage) Template() string { return "console/home" }

// Home shows what waits today.
func (p *Pages) Home(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	found, err := findWaiting(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	home := buildHome(d, found)
	late, err := p.backupTasks(r, d)
	if err != nil {
		return err
	}
	home.Tasks = append(late, home.Tasks...)
	home.Console = d.Frame(r, "今日の仕事", page.Today)
	return p.Renderer.Render(w, http.StatusOK, home)
}

func buildHome(d Desk, w waiting) HomePage {
	home := HomePage{On: d.Today()}
	home.Start = firstSteps(d, w)
	if d.May(enterers...) {
		home.Enter = page.Link{Href: d.Path("expenses", "new"), Text: "レシートを入れる"}
	}
	for _, tasks := range [][]page.Task{
		problemTasks(d, w), dutyTasks(d, w), vettingTasks(d, w), campaignTasks(d, w), changeTasks(d, w), questionTasks(d, w), fundTasks(d, w), placeTasks(d, w), accessTasks(d, w), checkTasks(d, w), copyTasks(d, w), unpaidTasks(d, w), paperTasks(d, w), receiptTasks(d, w), eraseTasks(d, w),
	} {
		home.Tasks = append(home.Tasks, tasks...)
	}
	if len(home.Tasks) > 0 && len(home.Start) == 0 {
		home.Tasks[0].Main = true
	}
	home.Others = othersWait(d, w)
	home.Guests = guestPairs(d, w)
	home.Places, home.Funds, home.Agree = moneyNow(w)
	return home
}

// firstSteps are the three things a new organisation does first; none once they are done or a campaign is announced.
func firstSteps(d Desk, w waiting) []page.Task {
	for _, c := range w.Campaigns {
		if c.Public() {
			return nil
		}
	}
	steps := []page.Task{
		{What: "団体のことを書く", Note: "代表の名前・住所・連絡先です。募金のページに、だれが集めるのかを出すために使います。",
			Act: page.Link{Href: d.Path("settings", "organisation"), Text: "団体のことを書く"}},
		{What: "いまあるお金を入れる", Note: "手元の現金と通帳の金額です。帳簿はここから始まります。",
			Act: page.Link{Href: d.Path("settings", "opening"), Text: "いまのお金を入れる"}},
		{What: "募金の下書きを書く", Note: "何に・いくら・いつまでに使うかを、先に決めます。公表するまで、だれにも見えません。",
			Act: page.Link{Href: d.Path("campaigns", "new"), Text: "下書きを始める"}},
	}
	o := d.Organisation
	done := []bool{o.Representative != "" && o.Address != "" && (o.Phone != "" || o.Mail != ""), len(w.Places) > 0, len(w.Campaigns) > 0}
	if !slices.Contains(done, false) {
		return nil
	}
	if !d.May(head...) {
		steps[0].Act, steps[0].Note = page.Link{}, steps[0].Note+"代表が書きます。"
	}
	if !d.May(treasurer...) {
		steps[1].Act, steps[1].Note = page.Link{}, steps[1].Note+"会計が入れます。"
	}
	if !d.May(drafters...) {
		steps[2].Act = page.Link{}
	}
	main := false
	for i := range steps {
		if done[i] {
			steps[i].Tag = page.Tag{Kind: page.TagDone, Text: "すみました"}
			steps[i].Act = page.Link{}
			continue
		}
		steps[i].Main = !main && steps[i].Act.Href != ""
		main = main || steps[i].Main
	}
	return steps
}

func campaignTasks(d Desk, w waiting) []page.Task {
	var tasks []page.Task
	for _, c := range w.Campaigns {
		if c.Status == campaigns.Draft && d.May(drafters...) {
			lacks := len(c.Plan.Missing(d.Organisation, d.Today()))
			note := fmt.Sprintf("あと%dか所です。", lacks)
			if lacks == 0 {
				note = "書くところは、みな書けています。代表が公表すると、集められます。"
			}
			tasks = append(tasks, page.Task{Tag: page.Tag{Kind: page.TagDraft, Text: "下書き"}, What: "「" + titleOf(c) + "」の使いみちを書く", Note: note,
				Act: page.Link{Href: d.Path("campaigns", c.ID, "edit"), Text: "続きを書く"}})
		}
	}
	return tasks
}

func titleOf(c standing) string {
	if c.Plan.Title == "" {
		return "名前のない募金"
	}
	return c.Plan.Title
}

func fundTasks(d Desk, w waiting) []page.Task {
	if !d.May(ledger.Treasurer) {
		return nil
	}
	var tasks []page.Task
	for _, f := range w.Funds {
		if f.Left < 0 && f.Kind != ledger.GeneralFund && f.Kind != ledger.AwardFund {
			tasks = append(tasks, page.Task{Tag: page.Tag{Kind: page.TagLate, Text: "足りません"}, What: "「" + f.Name + "」が" + page.YenText(-f.Left) + "円足りません",
				Note: "返金や手数料で、届いたお金より多く出ています。",
				Act:  page.Link{Href: d.Path("money", "cover") + fmt.Sprintf("?to=%d", f.ID), Text: "一般から補う"}})
		}
	}
	return tasks
}

// placeTasks finds places that hold less than nothing: something was typed wrong, or not at all.
func placeTasks(d Desk, w waiting) []page.Task {
	if !d.May(treasurer...) {
		return nil
	}
	var tasks []page.Task
	for _, b := range w.Places {
		at := place{b.Account, b.Balance}
		if b.Place && at.byHand() && b.Balance < 0 {
			tasks = append(tasks, page.Task{Tag: page.Tag{Kind: page.TagLate, Text: "見てください"}, What: "「" + b.Plain + "」が" + page.YenText(b.Balance) + "円になっています",
				Note: "入れていない入金か、払った場所のまちがいがあります。", Act: page.Link{Href: d.Path("book") + fmt.Sprintf("?account=%d", b.Code), Text: "帳簿で見る"}})
		}
	}
	return tasks
}

func checkTasks(d Desk, w waiting) []page.Task {
	if !d.May(checkers...) {
		return nil
	}
	var tasks []page.Task
	for _, e := range w.ToCheck {
		if e.EnteredPerson == d.Person.ID {
			continue // another has to look
		}
		tasks = append(tasks, page.Task{Tag: page.Tag{Kind: page.TagWait, Text: "確認待ち"}, What: e.What + "　" + page.YenText(e.Amount) + "円",
			Note: joined(page.ShortDay(e.PaidOn), e.Payee, e.EnteredBy+"さんが入れました"),
			Act:  page.Link{Href: d.Path("expenses", e.ID), Text: "確認する"}})
		if len(tasks) == 5 {
			break
		}
	}
	return tasks
}

func unpaidTasks(d Desk, w waiting) []page.Task {
	if !d.May(ledger.Treasurer) {
		return nil
	}
	var tasks []page.Task
	for i, e := range w.Unpaid {
		if i == 5 {
			break
		}
		tasks = append(tasks, page.Task{What: "払う・立替えを返す　" + page.YenText(e.Amount) + "円",
			Note: joined(page.ShortDay(e.PaidOn), e.Payee, e.What) + "。確認はすんでいます。",
			Act:  page.Link{Href: d.Path("expenses", e.ID) + "#repay", Text: "払った日を入れる"}})
	}
	return tasks
}

func paperTasks(d Desk, w waiting) []page.Task {
	if w.NoPaper.Count == 0 || !d.May(enterers...) {
		return nil
	}
	return []page.Task{{What: fmt.Sprintf("レシートの写真を足す　%d件", w.NoPaper.Count), Note: "レシートも、ない理由も入っていない支出です。",
		Act: page.Link{Href: d.Path("expenses", w.NoPaper.Oldest) + "#papers", Text: "足す"}}}
}

func receiptTasks(d Desk, w waiting) []page.Task {
	if !d.May(ledger.Treasurer) {
		return nil
	}
	var tasks []page.Task
	if w.Receipts.Count > 0 {
		tasks = append(tasks, page.Task{What: fmt.Sprintf("領収書を出す　%d件", w.Receipts.Count), Note: "領収書がほしいと言われた寄付です。古いものから順に出します。",
			Act: page.Link{Href: d.Path("gifts", w.Receipts.Oldest), Text: "領収書を出す"}})
	}
	for _, g := range w.Glyphs {
		tasks = append(tasks, page.Task{Tag: page.Tag{Kind: page.TagLate, Text: "見てください"}, What: "領収書に印刷できない字があります",
			Note: "「" + g.Missing + "」が印刷できません。送る前に見てください。", Act: page.Link{Href: d.Path("gifts", g.DonationID), Text: "見る"}})
	}
	return tasks
}

// othersWait is what this person waits for others to do.
func othersWait(d Desk, w waiting) []page.Pair {
	var pairs []page.Pair
	var count int
	var sum ledger.Yen
	for _, e := range w.ToCheck {
		if e.EnteredPerson == d.Person.ID || !d.May(checkers...) {
			count++
			sum += e.Amount
		}
	}
	if count > 0 {
		pairs = append(pairs, page.Pair{Term: "ほかの人の確認", Text: fmt.Sprintf("%d件・%s円", count, page.YenText(sum)),
			Link: page.Link{Href: d.Path("expenses") + "?show=unchecked", Text: "見る"}})
	}
	if w.Vetting == vetting.Asked && !w.Vetted {
		pairs = append(pairs, page.Pair{Term: "団体の確認", Text: "運営の返事を待っています", Link: page.Link{Href: d.Path("settings", "vetting"), Text: "見る"}})
	}
	if w.Vouchers.Count > 0 {
		text := fmt.Sprintf("%d件・%s円（払われるまで数えません", w.Vouchers.Count, page.YenText(w.Vouchers.Amount))
		if w.Vouchers.Until.Valid {
			text += "。いちばん近い期限は" + page.ShortDay(ledger.DateOf(w.Vouchers.Until.Time))
		}
		pairs = append(pairs, page.Pair{Term: "コンビニ払い", Text: text + "）", Link: page.Link{Href: d.Path("gifts") + "?status=pending", Text: "見る"}})
	}
	return pairs
}

// moneyNow says where the yen are and whose they are: both sums are the same, and it shows.
func moneyNow(w waiting) (places, funds, agree page.Agree) {
	var there, owned ledger.Yen
	for _, b := range w.Places {
		if b.Code >= 3000 || b.Balance == 0 {
			continue
		}
		places = append(places, page.AgreeRow{Name: b.Plain, Amount: b.Balance})
		there += b.Balance
	}
	for _, f := range w.Funds {
		if f.Left == 0 && f.Kind != ledger.GeneralFund {
			continue
		}
		name := f.Name
		if f.Kind == ledger.GeneralFund {
			name = "一般"
		}
		funds = append(funds, page.AgreeRow{Name: name, Amount: f.Left})
		owned += f.Left
	}
	places = append(places, page.AgreeRow{Name: "合計", Amount: there, Sum: true})
	funds = append(funds, page.AgreeRow{Name: "合計", Amount: owned, Sum: true})
	agree = page.Agree{
		{Name: "場所ごとの合計", Amount: there},
		{Name: "使いみちごとの合計", Amount: owned},
		{Name: "違い", Amount: there - owned, Zero: true},
	}
	return places, funds, agree
}
