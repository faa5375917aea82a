package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// formOf gives each form of a page what was typed into it.
type formOf func(name string) (url.Values, map[string]string)

func receiptRow(d Desk, receipt campaigns.Receipt) ReceiptRow {
	row := ReceiptRow{Tag: page.Tag{Kind: page.TagDone, Text: "有効"}, Label: "第" + receipt.Label() + "号",
		Note: page.DayOnly(receipt.IssuedOn) + "に出しました。" + page.YenText(receipt.Payload.Amount) + "円"}
	if receipt.Sent {
		row.Note += "。送りました"
	}
	switch {
	case receipt.VoidedWhy != "":
		row.Tag = page.Tag{Kind: page.TagDraft, Text: "取り消し"}
		row.Note += "。取り消した理由：" + receipt.VoidedWhy
	case receipt.Erased:
		row.Note += "。あて名と紙は、個人の情報といっしょに消しました"
	case receipt.Missing != "":
		row.Tag = page.Tag{Kind: page.TagLate, Text: "見てください"}
		row.Note += "。印刷できない字があります：" + receipt.Missing
	case receipt.FileHash == nil:
		row.Note += "。紙をつくっています。少し待って、読みこみ直してください"
	}
	if receipt.FileHash != nil {
		row.Paper = page.Link{Href: d.Path("receipts", receipt.ID, "pdf"), Text: "領収書（PDF）"}
	}
	return row
}

func issueAct(d Desk, v giftView, of formOf) Act {
	values, problems := of("issue")
	b := builder{form: page.NewForm(values, problems), prefix: "issue"}
	act := Act{ID: "issue", Action: d.Path("gifts", v.ID, "receipt"), Button: "領収書を出す", Bare: true,
		Lead: "番号がつき、内容は変えられなくなります。まちがえたときは、取り消して出し直せます。"}
	if v.Donor.Name == "" {
		act.Lead += "\nお名前のない寄付です。あて名は空いたままになります。"
	}
	act.Problems = b.form.Problems()
	return act
}

func voidAct(d Desk, v giftView, receipt campaigns.Receipt, of formOf) Act {
	id := fmt.Sprintf("void-%d", receipt.ID)
	values, problems := of(id)
	b := builder{form: page.NewForm(values, problems), prefix: "void"}
	act := Act{ID: id, Summary: "取り消す・出し直す", Lead: "番号は使ったまま残ります。出し直すと、同じ番号に枝番がつきます。",
		Action: d.Path("receipts", receipt.ID, "void"), Button: "取り消す", Plain: true, Open: problems != nil}
	act.Items = []Item{b.reason("理由", "例：あて名の漢字がちがっていた。"),
		b.choices(page.Choices{Name: "again", Label: "そのあと", Legend: true, Value: "yes", Options: []page.Option{
			{Value: "yes", Text: "すぐに出し直す"}, {Value: "no", Text: "取り消すだけ"}}})}
	act.Problems = b.form.Problems()
	return act
}

// sendAct is offered where a receipt wished by mail waits for somebody to look at the characters we cannot print.
func sendAct(d Desk, v giftView, receipt campaigns.Receipt) Act {
	if receipt.Missing == "" || receipt.Sent || receipt.FileHash == nil || v.ReceiptWanted != "mail" {
		return Act{}
	}
	return Act{ID: "send", Action: d.Path("receipts", receipt.ID, "send"), Button: "見ました。このままメールで送る", Plain: true, Bare: true,
		Lead: "PDFを開いて、「〓」になった字を見てください。直すときは、取り消して、ちがう書き方で出し直してください。"}
}

// SendSeenReceipt sends a receipt that waited for somebody to look at it. Pressed twice it is sent once.
func (p *Pages) SendSeenReceipt(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	receipt, err := p.receiptOf(r)
	if err != nil {
		return err
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return p.SendReceipt(r.Context(), tx, d.Organisation.ID, receipt.ID)
	})
	if err != nil {
		return err
	}
	return redirect(w, r, d.Path("gifts", receipt.DonationID), "receipt_sent")
}

// IssueReceipt issues the receipt of a gift and asks for its paper.
func (p *Pages) IssueReceipt(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error { return p.issue(r.Context(), tx, d, id) })
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.gift(w, r, http.StatusUnprocessableEntity, "issue", nil, problems)
	}
	return redirect(w, r, d.Path("gifts", id), "receipt_issued")
}

func (p *Pages) issue(ctx context.Context, tx *sqlx.Tx, d Desk, donationID int64) error {
	receipt, err := campaigns.Issue(ctx, tx, d.Organisation.ID, donationID, d.By(), d.Now)
	if err != nil {
		return err
	}
	return p.Enqueue(ctx, tx, payments.ReceiptJob, d.Organisation.ID, receipt.ID)
}

// fitReceipt keeps the receipt of a gift to what is left of it after a refund, and asks for the new paper. It reports whether there is one.
func (p *Pages) fitReceipt(ctx context.Context, tx *sqlx.Tx, d Desk, donationID int64) (anew bool, err error) {
	next, err := campaigns.FitReceipt(ctx, tx, d.Organisation.ID, donationID, d.By(), d.Now)
	if err != nil || next.ID == 0 {
		return false, err
	}
	return true, p.Enqueue(ctx, tx, payments.ReceiptJob, d.Organisation.ID, next.ID)
}

// VoidReceipt takes a receipt out of force and issues it anew if that is wished.
func (p *Pages) VoidReceipt(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	receipt, err := p.receiptOf(r)
	if err != nil {
		return err
	}
	r.SetPathValue("id", fmt.Sprint(receipt.DonationID)) // the page of the gift answers
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	again := t.Get("again") == "yes"
	if receipt.VoidedWhy != "" { // pressed twice
		return redirect(w, r, d.Path("gifts", receipt.DonationID), "receipt_voided")
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if err := campaigns.Void(r.Context(), tx, d.Organisation.ID, receipt.ID, d.By(), d.Now, t.text("reason")); err != nil || !again {
			return err
		}
		return p.issue(r.Context(), tx, d, receipt.DonationID)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.gift(w, r, http.StatusUnprocessableEntity, fmt.Sprintf("void-%d", receipt.ID), t.Values, problems)
	}
	done := "receipt_voided"
	if again {
		done = "receipt_reissued"
	}
	return redirect(w, r, d.Path("gifts", receipt.DonationID), done)
}

func (p *Pages) receiptOf(r *http.Request) (campaigns.Receipt, error) {
	id, err := number(r, "id")
	if err != nil {
		return campaigns.Receipt{}, err
	}
	return campaigns.FindReceipt(r.Context(), p.DB, desk(r).Organisation.ID, id)
}

// ReceiptPaper sends the paper of a receipt.
func (p *Pages) ReceiptPaper(w http.ResponseWriter, r *http.Request) error {
	receipt, err := p.receiptOf(r)
	if err != nil {
		return err
	}
	if receipt.FileHash == nil {
		return ledger.ErrNotFound
	}
	return p.sendFile(w, r, files.KindReceipt, receipt.FileHash, files.PDF, "receipt-"+receipt.Label())
}
