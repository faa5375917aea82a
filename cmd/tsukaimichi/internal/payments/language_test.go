package payments_test

import (
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english/englishtest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func inEnglish(g *campaigns.Gift) { g.Language = campaigns.English }

// TestLettersComeInTheLanguageOfTheGift sends who gave on the English pages every letter there is about a gift: nothing is left in Japanese but what the group
// wrote itself, and the name of the paper. Who gave on the Japanese pages gets them as ever.
func TestLettersComeInTheLanguageOfTheGift(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(500)
	if got := w.count(`SELECT count(*) FROM mail WHERE kind = 'donation-thanks' AND subject = 'ご寄付が届きました'`); got != 1 {
		t.Errorf("%d letters of thanks in Japanese", got)
	}
	before := w.count(`SELECT max(id) FROM mail`)
	paid, _ := w.paid(3000, inEnglish, receiptByMail)
	refund(w, paid, 1000)
	w.hear()
	held, page := w.give(2000, inEnglish, konbini)
	voucher := w.press(page, "konbini")
	w.hear()
	w.press(voucher, "paid")
	w.hear()
	refund(w, held, 2000)
	w.pass(46 * day) // nobody answers where to send it
	w.hear()
	w.give(1000, inEnglish)
	w.pass(2 * time.Hour)
	w.hear()
	w.give(1000, inEnglish)
	w.stop()
	w.endPages()
	w.hear()
	o, err := ledger.FindOrganisation(ctx, w.db.App, w.group.ID)
	if err != nil {
		t.Fatal(err)
	}
	own := []string{o.Name, "見守り配食をつづけたい", "見守り配食", "寄附金受領証", "練習 花子"}
	for _, u := range w.group.Uses(w.call) {
		own = append(own, u.Name)
	}
	var letters []struct {
		Kind    string `db:"kind"`
		Subject string `db:"subject"`
		Text    string `db:"text"`
	}
	if err = w.db.Super.Select(&letters, `SELECT kind, subject, text FROM mail WHERE id > $1 ORDER BY id`, before); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, l := range letters {
		kinds[l.Kind] = true
		englishtest.Letter(t, l.Kind, l.Subject, l.Text, own...)
	}
	for _, kind := range []string{"donation-link", "donation-thanks", "donation-voucher", "donation-ended", "donation-refund", "donation-refund-failed"} {
		if !kinds[kind] {
			t.Errorf("no letter %s was sent", kind)
		}
	}
	if got := w.count(`SELECT count(*) FROM mail WHERE kind = 'donation-thanks' AND subject = 'Your gift has arrived' AND text LIKE '%Your gift of ¥3,000 to “%has arrived. Thank you.%'`); got != 1 {
		t.Errorf("%d letters of thanks in English over 3,000", got)
	}
}
