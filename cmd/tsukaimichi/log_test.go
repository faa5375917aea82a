package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// named is a gift by somebody with a name, a mail address and a postal one, whose receipt was issued.
type named struct {
	found
	campaign int64
	gift     campaigns.Donation
	receipt  campaigns.Receipt
	path     string // of the private link
}

// giveByName enters a gift of 3,000 yen over the counter and issues its receipt after the log was signed.
func (p *practising) giveByName(slug string, donor campaigns.Donor) named {
	p.t.Helper()
	ctx := context.Background()
	n := named{found: p.found(slug)}
	now := p.clock.Now()
	do := func(fn func(tx *sqlx.Tx) error) {
		p.t.Helper()
		if err := ledger.InTx(ctx, p.db, fn); err != nil {
			p.t.Fatal(err)
		}
	}
	do(func(tx *sqlx.Tx) (err error) {
		if n.campaign, err = campaigns.StartDraft(ctx, tx, n.organisation, n.initiative, "fuyu", threadPlan(ledger.DateOf(now)), n.treasurer, now); err != nil {
			return err
		}
		if err = campaigns.Announce(ctx, tx, n.organisation, n.campaign, n.representative, now); err != nil {
			return err
		}
		n.gift, err = campaigns.Enter(ctx, tx, campaigns.Gift{
			OrganisationID: n.organisation, CampaignID: n.campaign, Donor: donor, Channel: campaigns.Cash, Amount: 3000, CountsAs: campaigns.CountsPerson,
			Counted: 1, Display: campaigns.FullName, Message: donor.Name + "より", GivenOn: ledger.DateOf(now), ReceiptWanted: "mail", ToldBy: donor.Name + "、窓口で",
			Token: "one", Key: "one",
		}, ledger.CashBox, n.treasurer, now)
		return err
	})
	p.sealAndSign(p.t, n.organisation)
	do(func(tx *sqlx.Tx) (err error) {
		if n.receipt, err = campaigns.Issue(ctx, tx, n.organisation, n.gift.ID, n.treasurer, now); err != nil {
			return err
		}
		return p.jobs.Enqueue(ctx, tx, "receipt", n.organisation, n.receipt.ID)
	})
	n.path = "/g/" + strings.TrimPrefix(p.till.GiftURL(n.organisation, "one"), p.Site+"/g/")
	return n
}

// TestHolderOfAReceiptChecksItsRecordOffline follows the digits from the paper to the public page, and a downloaded proof to the program without a
// database.
func TestHolderOfAReceiptChecksItsRecordOffline(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	n := p.giveByName("hoshino", campaigns.Donor{Name: "練習 花子", Mail: "hanako@renshu.example"})
	mark := n.receipt.Payload.Log
	if mark.Size < 2 || !strings.HasSuffix(mark.Page, "/o/hoshino/log") {
		t.Fatalf("the receipt prints %+v", mark)
	}
	if got := text(p.get(n.path + "/record")); !strings.Contains(got, "署名を待っています") && !strings.Contains(got, "確かめました") {
		t.Errorf("before the signature: %s", got)
	}
	p.sealAndSign(t, n.organisation)
	shown := text(p.get(n.path + "/record"))
	for _, want := range []string{"記録は入っています", mark.Digits(), "つづきです", "第" + n.receipt.Label() + "号", "記帳した人 練習 会計", "（1110）", "−3,000円"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the record's page does not say %q: %s", want, shown)
		}
	}
	log := text(p.get("/o/hoshino/log?size=1"))
	if !strings.Contains(log, "その番号の署名は、ありません") && mark.Size != 1 {
		t.Errorf("nothing was signed at 1: %s", log)
	}
	if log = text(p.get("/o/hoshino/log?size=第" + ledger.Yen(mark.Size).String() + "番")); !strings.Contains(log, mark.Digits()) {
		t.Errorf("the digits of the paper are not on the log's page: %s", log)
	}
	if note := p.get("/o/hoshino/log/newest/checkpoint"); !strings.Contains(note, "\n— ") {
		t.Errorf("the newest checkpoint is %q", note)
	}
	if hashes := p.get("/o/hoshino/log/hashes?from=2"); !strings.HasPrefix(hashes, "2 ") {
		t.Errorf("the hashes begin with %.20q", hashes)
	}
	check := n.receipt.Payload.Check
	wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９")
	paper, _ := p.post("/o/hoshino/log/receipt", url.Values{"number": {"第" + wide.Replace(n.receipt.Label()) + "号"}, "check": {check[:4] + "　" + check[4:8] + " " + check[8:]}})
	if got := text(paper); !strings.Contains(got, "記録は入っています") || !strings.Contains(got, "第"+n.receipt.Label()+"号") {
		t.Errorf("the paper's digits do not open its record: %s", got)
	}
	if proof, _ := p.post("/o/hoshino/log/receipt/proof.json", url.Values{"number": {n.receipt.Label()}, "check": {check}}); !strings.Contains(proof, chain.ProofFormat) {
		t.Errorf("the paper's digits give %.80q", proof)
	}
	wrong, err := p.client.PostForm(p.at+"/o/hoshino/log/receipt", url.Values{"number": {n.receipt.Label()}, "check": {"000000000000"}})
	if err != nil || wrong.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("other digits: %v, %v", wrong.Status, err)
	}
	wrong.Body.Close()
	file := filepath.Join(t.TempDir(), "proof.json")
	if err := os.WriteFile(file, []byte(p.get(n.path+"/proof.json")), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := checkpointKey(p.box)
	if err != nil {
		t.Fatal(err)
	}
	verifier := chain.VerifierKey(chain.Origin(p.Site, n.organisation), key.Public().(ed25519.PublicKey))
	var out, errOut bytes.Buffer
	if err = run(t.Context(), []string{"verify", "--proof", file, "--key", verifier}, strings.NewReader(""), &out, &errOut); err != nil {
		t.Fatal(err, errOut.String())
	}
	for _, want := range []string{"fingerprint " + mark.Digits(), "that the paper printed", "receipt", `"amount":3000`, "donation"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("verify --proof does not say %q: %s", want, out.String())
		}
	}
	other := strings.Replace(p.get(n.path+"/proof.json"), `"sequence": `, `"sequence": 1`, 1)
	if err = os.WriteFile(file, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	if err = run(t.Context(), []string{"verify", "--proof", file}, strings.NewReader(""), &out, &errOut); err == nil {
		t.Error("a changed proof was accepted")
	}
}
