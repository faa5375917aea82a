package console

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// GiftPage is one gift: what was agreed, what came of it, and its receipts.
type GiftPage struct {
	page.Console
	Heading  string
	Tag      page.Tag
	Amount   ledger.Yen
	Failed   Failure // what was just asked for could not be done
	Pairs    []page.Pair
	Receipts []ReceiptRow
	Booked   []page.Document
	Issue    Act
	Refund   Act
	Online   Act // gives it back the way it came
	Erase    page.Link
}

// Template names the template of the page.
func (GiftPage) Template() string { return "console/gift" }

// ReceiptRow is a receipt of the gift.
type ReceiptRow struct {
	Tag   page.Tag
	Label string
	Note  string
	Paper page.Link
	Void  Act
	Send  Act
}

// giftView is a gift with what belongs to it.
type giftView struct {
	campaigns.Donation
	Donor    campaigns.Donor
	Title    string
	Use      string
	Receipts []campaigns.Receipt
	Attempt  *campaigns.Attempt
	Booked   []giftTransaction
	Refunds  []campaigns.Refund
	Places   []place
	Erasure  campaigns.Erasure
	Disputed bool // the payer objects at his bank, which has not decided yet
}

// giftTransaction is a booking of a gift: its arrival, a refund, a reversal.
type giftTransaction struct {
	ID       int64                  `db:"id"`
	Kind     ledger.TransactionKind `db:"kind"`
	BookedOn ledger.Date            `db:"booked_on"`
}

//go:embed query/gift_transactions.sql
var giftTransactionsSQL string

// Gift shows one gift.
func (p *Pages) Gift(w http.ResponseWriter, r *http.Request) error {
	return p.gift(w, r, http.StatusOK, "", nil, nil)
}

// gift shows a gift; the problems belong to the form of that name on the page.
func (p *Pages) gift(w http.ResponseWriter, r *http.Request, status int, form string, values url.Values, problems map[string]string) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	view, err := p.findGift(r.Context(), d, id)
	if err != nil {
		return err
	}
	failed := notDone(problems)
	built := buildGift(d, view, form, values, problems)
	acts := []Act{built.Issue, built.Refund, built.Online}
	for _, row := range built.Receipts {
		acts = append(acts, row.Void)
	}
	built.Failed = failed.gone(form, values, problems, acts...)
	built.Console = d.Frame(r, built.Heading, page.Money, page.Link{Href: d.Path("gifts"), Text: "寄付"})
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

func (p *Pages) findGift(ctx context.Context, d Desk, id int64) (giftView, error) {
	donation, err := campaigns.FindDonation(ctx, p.DB, d.Organisation.ID, id)
	if err != nil {
		return giftView{}, err
	}
	v := giftView{Donation: donation}
	if donation.DonorID > 0 {
		if v.Donor, err = campaigns.FindDonor(ctx, p.DB, d.Organisation.ID, donation.DonorID); err != nil {
			return v, err
		}
		if v.Erasure, err = campaigns.FindErasure(ctx, p.DB, d.Organisation.ID, donation.DonorID); err != nil {
			return v, err
		}
	}
	if donation.CampaignID > 0 {
		plan, err := campaigns.FindPlan(ctx, p.DB, d.Organisation.ID, donation.CampaignID, donation.PlanVersion)
		if err != nil {
			return v, err
		}
		v.Title = plan.Title
		for _, u := range plan.Uses {
			if u.UseID == donation.UseID && u.UseID > 0 {
				v.Use = u.Name
			}
		}
	}
	ids, err := campaigns.ReceiptsOfGift(ctx, p.DB, d.Organisation.ID, id)
	if err != nil {
		return v, err
	}
	for _, receiptID := range ids {
		receipt, err := campaigns.FindReceipt(ctx, p.DB, d.Organisation.ID, receiptID)
		if err != nil {
			return v, err
		}
		v.Receipts = append(v.Receipts, receipt)
	}
	attempt, err := campaigns.LastAttempt(ctx, p.DB, d.Organisation.ID, id)
	if err == nil {
		v.Attempt = &attempt
	} else if !errors.Is(err, ledger.ErrNotFound) {
		return v, err
	}
	if err = sqlx.SelectContext(ctx, p.DB, &v.Booked, giftTransactionsSQL, d.Organisation.ID, id); err != nil {
		return v, fmt.Errorf("transactions of gift %d: %w", id, err)
	}
	if v.Refunds, err = campaigns.Refunds(ctx, p.DB, d.Organisation.ID, id); err != nil {
		return v, err
	}
	if v.Disputed, err = p.Till.InDispute(ctx, d.Organisation.ID, id); err != nil {
		return v, err
	}
	v.Places, err = places(ctx, p.DB, d.Organisation.ID, d.Today())
	return v, err
}

func buildGift(d Desk, v giftView, form string, values url.Values, problems map[string]string) GiftPage {
	g := GiftPage{Heading: "お名前のない寄付", Tag: giftTag(v.Donation), Amount: v.Amount, Pairs: giftFacts(v), Erase: eraseLink(d, v)}
	if v.Donor.Name != "" {
		g.Heading = v.Donor.Name + "の寄付"
	}
	for _, t := range v.Booked {
		g.Booked = append(g.Booked, page.Document{Link: page.Link{Href: d.Path("book", t.ID), Text: kindName(t.Kind)}, Note: page.DayOnly(t.BookedOn)})
	}
	forThis := func(name string) (url.Values, map[string]string) {
		if form == name {
			return values, problems
		}
		return nil, nil
	}
	inForce := false
	for _, receipt := range v.Receipts {
		row := receiptRow(d, receipt)
		inForce = inForce || receipt.VoidedWhy == ""
		if receipt.VoidedWhy == "" && d.May(treasurer...) {
			row.Void = voidAct(d, v, receipt, forThis)
			row.Send = sendAct(d, v, receipt)
		}
		g.Receipts = append(g.Receipts, row)
	}
	if d.May(treasurer...) && v.Stands() {
		if !inForce {
			g.Issue = issueAct(d, v, forThis)
		}
		if !v.Disputed {
			g.Refund = refundAct(d, v, forThis)
			g.Online = refundOnlineAct(d, v, forThis)
		}
	}
	return g
}

func giftFacts(v giftView) []page.Pair {
	to := "一般"
	if v.Title != "" {
		to = v.Title
	}
	if v.Use != "" {
		to += "／" + v.Use
	}
	pairs := []page.Pair{{Term: "寄付した日", Text: page.Day(v.GivenOn)}, {Term: "届き方", Text: channelName(v.Channel)}, {Term: "どこへ", Text: to},
		{Term: "数え方", Text: page.Count(v.Counted) + countUnit(v.CountsAs)}}
	if v.Disputed {
		pairs = append(pairs, page.Pair{Term: "争い", Text: locale.Japanese.T("refund.disputed"), Strong: true})
	}
	for _, refund := range v.Refunds {
		pairs = append(pairs, page.Pair{Term: "返したお金", Text: refundText(refund), Strong: refund.Status != campaigns.RefundFailed})
	}
	for _, pair := range []page.Pair{
		{Term: "お名前", Text: v.Donor.Name}, {Term: "ふりがな", Text: v.Donor.Kana}, {Term: "住所", Text: joinedLinesIf(v.Donor.PostalCode, v.Donor.Address)},
		{Term: "ひとこと", Text: v.Message}, {Term: "願い", Text: v.Wish}, {Term: "お名前の出し方", Text: displayName(v.Display)}, {Term: "領収書", Text: receiptWish(v.ReceiptWanted)},
		{Term: "聞いた人・方法", Text: v.ToldBy},
	} {
		if pair.Text != "" {
			pairs = append(pairs, pair)
		}
	}
	if v.Donor.Mail != "" {
		pairs = append(pairs, page.Pair{Term: "メールアドレス", Mail: v.Donor.Mail})
	}
	if v.Donor.Phone != "" {
		pairs = append(pairs, page.Pair{Term: "電話", Tel: v.Donor.Phone})
	}
	if v.Attempt != nil {
		pairs = append(pairs, page.Pair{Term: "お支払いの画面", Text: attemptText(*v.Attempt)})
	}
	return append(pairs, page.Pair{Term: "入れた日時", Text: page.Minute(v.EnteredAt)})
}

func refundText(r campaigns.Refund) string {
	text := page.YenText(r.Amount) + "円"
	switch r.Status {
	case campaigns.RefundPending:
		text += "（返しているところです）"
	case campaigns.RefundFailed:
		text += "（返せませんでした。もどっています）"
	}
	return text + "\n" + page.DayOnly(ledger.DateOf(r.AskedAt)) + "　" + r.Reason
}

func joinedLinesIf(postalCode, address string) string {
	if address == "" {
		return ""
	}
	return joinedLines(postalCode, address)
}

func attemptText(a campaigns.Attempt) string {
	text := fmt.Sprintf("%d回目・", a.Attempt)
	switch a.Status {
	case campaigns.CheckoutOpen:
		return text + "開いています"
	case campaigns.CheckoutPending:
		if !a.VoucherUntil.IsZero() {
			return text + "コンビニの番号が出ています。期限は" + page.Minute(a.VoucherUntil)
		}
		return text + "番号が出ています"
	case campaigns.CheckoutPaid:
		return text + "払われました"
	case campaigns.CheckoutFailed:
		return text + "期限までに払われませんでした"
	}
	return text + "閉じられました"
}

func kindName(k ledger.TransactionKind) string {
	names := map[ledger.TransactionKind]string{
		ledger.OpeningBalance: "はじめのお金", ledger.GiftReceived: "寄付", ledger.GiftRefunded: "寄付を返した", ledger.RefundFailed: "返金がもどった",
		ledger.Dispute: "カード会社との確認", ledger.Payout: "カード会社からの入金", ledger.PlaceMovement: "お金を移した", ledger.ExpensePaid: "支出",
		ledger.Repayment: "未払いを払った", ledger.OtherIncome: "そのほかの入金", ledger.BetweenFunds: "使いみちの間で移した", ledger.GiftInKind: "品物の寄付",
		ledger.Grant: "助成金", ledger.Cost: "手数料", ledger.NotClear: "確かめているお金", ledger.Reversal: "取り消し",
	}
	if name, ok := names[k]; ok {
		return name
	}
	return string(k)
}
