package give

import (
	"errors"
	"net/http"
	"strings"

	"golang.org/x/text/width"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// PaperRecord answers POST /o/{slug}/log/receipt: the record of a receipt for whoever holds the paper, by its number and the digits printed on
// it. It changes nothing; it is a POST so that the digits stand in no address. How often it is tried is limited.
func (p *Pages) PaperRecord(w http.ResponseWriter, r *http.Request) error {
	held, err := p.holdPaper(r)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if held.State == HeldRefused {
		status = http.StatusUnprocessableEntity
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return p.Renderer.Render(w, status, NewRecordPage(held))
}

// PaperProof answers POST /o/{slug}/log/receipt/proof.json as Proof does.
func (p *Pages) PaperProof(w http.ResponseWriter, r *http.Request) error {
	held, err := p.holdPaper(r)
	if err != nil {
		return err
	}
	return sendProof(w, held)
}

func (p *Pages) holdPaper(r *http.Request) (Held, error) {
	ctx := r.Context()
	id, _, err := ledger.FindSlug(ctx, p.DB, ledger.SlugOrganisation, r.PathValue("slug"))
	if err != nil {
		return Held{}, err
	}
	o, err := ledger.FindOrganisation(ctx, p.DB, id)
	if err != nil {
		return Held{}, err
	}
	if err = r.ParseForm(); err != nil {
		return Held{}, ledger.Invalid{"": "form.expired"}
	}
	number := strings.Trim(typedDigits(r.PostForm.Get("number")), "第号")
	check := strings.ReplaceAll(typedDigits(r.PostForm.Get("check")), "-", "")
	receipt, err := campaigns.FindReceiptByCheck(ctx, p.DB, id, number, check)
	if errors.Is(err, campaigns.ErrNotFound) {
		return Held{Organisation: o, State: HeldRefused}, nil
	}
	if err != nil {
		return Held{}, err
	}
	d, err := campaigns.FindDonation(ctx, p.DB, id, receipt.DonationID)
	if err != nil {
		return Held{}, err
	}
	held, err := p.hold(ctx, o, d, receipt.ID)
	held.ProofHref = "/o/" + o.Slug + "/log/receipt/proof.json"
	held.Paper = []Hidden{{"number", number}, {"check", check}}
	return held, err
}

// typedDigits takes wide digits and any spaces for what they mean.
func typedDigits(text string) string {
	text = strings.NewReplacer("ー", "-", "−", "-", "‐", "-", "–", "-", "ｰ", "-").Replace(width.Narrow.String(text))
	return strings.Join(strings.Fields(text), "")
}
