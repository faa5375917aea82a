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
	paper, err := p.paper(r)
	if err != nil || paper.refused {
		return Held{Organisation: paper.organisation, State: HeldRefused}, err
	}
	d, err := campaigns.FindDonation(ctx, p.DB, paper.organisation.ID, paper.receipt.DonationID)
	if err != nil {
		return Held{}, err
	}
	held, err := p.hold(ctx, paper.organisation, d, paper.receipt.ID)
	held.ProofHref = "/o/" + paper.organisation.Slug + "/log/receipt/proof.json"
	held.Paper = []Hidden{{"number", paper.number}, {"check", paper.check}}
	return held, err
}

// paper is a receipt that somebody holds in his hand.
type paper struct {
	organisation  ledger.Organisation
	receipt       campaigns.Receipt
	number, check string // as he typed them
	refused       bool   // they do not go together
}

// paper finds the receipt by the number and the digits that were sent.
func (p *Pages) paper(r *http.Request) (paper, error) {
	ctx := r.Context()
	id, _, err := ledger.FindSlug(ctx, p.DB, ledger.SlugOrganisation, r.PathValue("slug"))
	if err != nil {
		return paper{}, err
	}
	var held paper
	if held.organisation, err = ledger.FindOrganisation(ctx, p.DB, id); err != nil {
		return paper{}, err
	}
	if err = r.ParseForm(); err != nil {
		return paper{}, ledger.Invalid{"": "form.expired"}
	}
	held.number = strings.Trim(typedDigits(r.PostForm.Get("number")), "第号")
	held.check = strings.ReplaceAll(typedDigits(r.PostForm.Get("check")), "-", "")
	held.receipt, err = campaigns.FindReceiptByCheck(ctx, p.DB, id, held.number, held.check)
	if errors.Is(err, campaigns.ErrNotFound) {
		held.refused, err = true, nil
	}
	return held, err
}

// typedDigits takes wide digits and any spaces for what they mean.
func typedDigits(text string) string {
	text = strings.NewReplacer("ー", "-", "−", "-", "‐", "-", "–", "-", "ｰ", "-").Replace(width.Narrow.String(text))
	return strings.Join(strings.Fields(text), "")
}
