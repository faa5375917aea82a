package console

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// erasers may have a giver's personal data erased.
var erasers = []ledger.Role{ledger.Representative, ledger.Treasurer}

// ErasePage is 個人の情報を消す: what will go, what stays and until when; afterwards, what went.
type ErasePage struct {
	page.Console
	Heading  string
	Erased   page.Notice // once it was erased
	Asked    page.Notice // the giver asked for it himself
	Who      []page.Pair
	Goes     []page.Pair
	Stays    []page.Pair
	Problems page.Problems
	Action   string // empty once it was erased
	Agree    page.Tick
	Back     page.Link
}

// Template names the template of the page.
func (ErasePage) Template() string { return "console/erase" }

// eraseView is a giver with everything the page says.
type eraseView struct {
	gift    campaigns.Donation
	donor   campaigns.Donor
	gifts   int
	erasure campaigns.Erasure
	kept    int // receipts that have to be kept
	until   ledger.Date
}

// ConfirmErase shows what erasing the giver of a gift means.
func (p *Pages) ConfirmErase(w http.ResponseWriter, r *http.Request) error {
	return p.confirmErase(w, r, http.StatusOK, nil)
}

func (p *Pages) confirmErase(w http.ResponseWriter, r *http.Request, status int, problems map[string]string) error {
	d := desk(r)
	v, err := p.findErase(r)
	if err != nil {
		return err
	}
	built := buildErase(d, v, problems)
	built.Console = d.Frame(r, built.Heading, page.Money, page.Link{Href: d.Path("gifts"), Text: "寄付"}, built.Back)
	built.NeedsFix = built.Problems.Some()
	return p.Renderer.Render(w, status, built)
}

func (p *Pages) findErase(r *http.Request) (eraseView, error) {
	d, ctx := desk(r), r.Context()
	id, err := number(r, "id")
	if err != nil {
		return eraseView{}, err
	}
	v := eraseView{}
	if v.gift, err = campaigns.FindDonation(ctx, p.DB, d.Organisation.ID, id); err != nil {
		return v, err
	}
	if v.gift.DonorID == 0 {
		return v, ledger.ErrNotFound // nobody is known
	}
	return v, p.fillErase(ctx, d, &v)
}

func (p *Pages) fillErase(ctx context.Context, d Desk, v *eraseView) (err error) {
	o, donor := d.Organisation, v.gift.DonorID
	if v.donor, err = campaigns.FindDonor(ctx, p.DB, o.ID, donor); err != nil {
		return err
	}
	if v.erasure, err = campaigns.FindErasure(ctx, p.DB, o.ID, donor); err != nil {
		return err
	}
	gifts, err := campaigns.DonationsOf(ctx, p.DB, o.ID, donor)
	if err != nil {
		return err
	}
	v.gifts = len(gifts)
	v.kept, v.until, err = campaigns.KeptReceipts(ctx, p.DB, o, donor, d.Today())
	return err
}

func buildErase(d Desk, v eraseView, problems map[string]string) ErasePage {
	b := builder{form: page.NewForm(nil, problems)}
	e := ErasePage{Heading: "個人の情報を消す", Back: page.Link{Href: d.Path("gifts", v.gift.ID), Text: "寄付にもどる"}, Goes: goes(v), Stays: stays(v)}
	if !v.erasure.AskedAt.IsZero() && v.erasure.ErasedAt.IsZero() {
		e.Asked = page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "頼まれています"}, Head: "寄付した人から、消してほしいと頼まれています",
			Text: page.Minute(v.erasure.AskedAt) + "に頼まれました。", Attend: true}
	}
	if !v.erasure.ErasedAt.IsZero() && !v.donor.Known() {
		e.Erased = page.Notice{Tag: page.Tag{Kind: page.TagDone, Text: "消しました"}, Head: "個人の情報を消しました", Text: page.Minute(v.erasure.ErasedAt) + "に消しました。もとにはもどせません。", Alert: true}
		e.Goes = nil
		return e
	}
	e.Who = who(v)
	e.Action = d.Path("gifts", v.gift.ID, "erase")
	e.Agree = *b.tick(page.Tick{Name: "agree", Label: "この人の個人の情報を消します", Note: "消したあとは、もとにもどせません。連絡も、領収書を出し直すことも、できなくなります。"}).Tick
	e.Problems = b.form.Problems()
	return e
}

func who(v eraseView) []page.Pair {
	pairs := []page.Pair{{Term: "お名前", Text: v.donor.Name}, {Term: "住所", Text: joinedLinesIf(v.donor.PostalCode, v.donor.Address)},
		{Term: "電話", Tel: v.donor.Phone}, {Term: "メールアドレス", Mail: v.donor.Mail}, {Term: "寄付", Text: page.Count(v.gifts) + "件"}}
	kept := pairs[:0]
	for _, pair := range pairs {
		if pair.Text != "" || pair.Tel != "" || pair.Mail != "" {
			kept = append(kept, pair)
		}
	}
	return kept
}

// goes is what will not be there any more.
func goes(v eraseView) []page.Pair {
	pairs := []page.Pair{
		{Term: "名前と連絡先", Text: "お名前・ふりがな・住所・電話・メールアドレス"},
		{Term: "みんなに見える名前", Text: "募金のページの「参加した人」の名前から、すぐに消えます。人数は変わりません。"},
		{Term: "ことば", Text: "ひとこと、聞いた人・方法、返金の理由、帳簿のメモ"},
		{Term: "手紙", Text: "送ったメールの中身。まだ送っていないものは、送りません。"},
		{Term: "支払いのしらせ", Text: "Stripeから届いたしらせの中身と、支払いの画面のリンク"},
		{Term: "記録の開く鍵", Text: "お金の記録のうち、だれのものかが分かる部分。記録がそろっていることは、消したあとも確かめられます。"},
	}
	if v.kept == 0 {
		pairs = append(pairs, page.Pair{Term: "領収書", Text: "領収書のあて名と住所、領収書のPDF"})
	}
	return pairs
}

// stays is what the book and the law keep.
func stays(v eraseView) []page.Pair {
	pairs := []page.Pair{{Term: "お金の記録", Text: "金額・日・使いみち・人数と、領収書の番号。だれのものかは、分からなくなります。"}}
	until, n := v.until, v.kept
	switch {
	case n > 0:
		pairs = append(pairs, page.Pair{Term: "まだ消せないもの", Strong: true,
			Text: fmt.Sprintf("認定NPO法人の領収書%d通の、あて名・住所とPDF。帳簿といっしょに、%sまで残します。次の日に、自動で消えます。", n, page.Day(until))})
	case !v.erasure.KeptUntil.IsZero() && v.erasure.FinishedAt.IsZero():
		pairs = append(pairs, page.Pair{Term: "まだ消せないもの", Text: page.Day(v.erasure.KeptUntil) + "まで。次の日に、自動で消えます。", Strong: true})
	}
	return append(pairs,
		page.Pair{Term: "ここの外にあるもの", Text: "届いたメール、渡した紙、Stripeの中の記録、バックアップは、ここからは消せません。Stripeの分は、Stripeの管理画面で消してください。"})
}

// EraseGiver has the giver of a gift erased. Pressed twice it is done once.
func (p *Pages) EraseGiver(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	v, err := p.findErase(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	t.bad.Need(t.Get("agree") != "", "agree", "gift.erase_agree_missing")
	if err = t.bad.Err(); err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.confirmErase(w, r, http.StatusUnprocessableEntity, problems)
	}
	if _, err = p.EraseDonor(r.Context(), d.Organisation.ID, v.gift.DonorID, d.By()); err != nil {
		return err
	}
	return redirect(w, r, d.Path("gifts", v.gift.ID, "erase"), "")
}

// eraseLink leads from a gift to the page, for whoever may.
func eraseLink(d Desk, v giftView) page.Link {
	if v.DonorID == 0 || !d.May(erasers...) {
		return page.Link{}
	}
	text := "個人の情報を消す"
	if !v.Erasure.ErasedAt.IsZero() && !v.Donor.Known() {
		text = "個人の情報は消しました。残っているもの"
	}
	return page.Link{Href: d.Path("gifts", v.ID, "erase"), Text: text}
}

// eraseTasks lead to givers who want their data erased.
func eraseTasks(d Desk, w waiting) []page.Task {
	if len(w.Erasures) == 0 || !d.May(erasers...) {
		return nil
	}
	first := w.Erasures[0]
	task := page.Task{Tag: page.Tag{Kind: page.TagWait, Text: "頼まれています"}, What: "寄付した人の個人の情報を消す", Note: page.Day(ledger.DateOf(first.AskedAt)) + "に、本人から頼まれました。",
		Act: page.Link{Href: d.Path("gifts", first.DonationID, "erase"), Text: "何が消えるかを見る"}}
	if more := len(w.Erasures) - 1; more > 0 {
		task.Note += fmt.Sprintf("ほかに%d件あります。", more)
	}
	return []page.Task{task}
}
