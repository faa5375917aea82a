package public

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// Paper answers /c/{slug}/paper: what was handed out, of a call that began on paper.
func (p *Pages) Paper(w http.ResponseWriter, r *http.Request) error {
	c, err := campaigns.FindPublic(r.Context(), p.DB, r.PathValue("slug"))
	if err != nil {
		return err
	}
	paper, err := campaigns.FindPaper(r.Context(), p.DB, c.OrganisationID, c.ID)
	if err != nil {
		return err
	}
	hash := files.Hash(paper.ScanHash) // there before it is announced
	bytes, err := p.Files.Read(r.Context(), c.OrganisationID, files.KindPaper, hash)
	if err != nil {
		return err
	}
	name := c.Slug + "-paper.pdf"
	if paper.ScanType == files.JPEG {
		name = c.Slug + "-paper.jpg"
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox") // somebody sent it: nothing in it acts
	h.Set("Cache-Control", "public, max-age=86400")
	return sendFile(w, r, paper.ScanType, name, hash, bytes)
}

// onPaper completes the page of a call that began on paper.
func (p *CampaignPage) onPaper(c Called) {
	plan := c.Plan
	if plan.PaperOn.IsZero() {
		return
	}
	p.Scan = page.Link{Href: "/c/" + c.Campaign.Slug + "/paper", Text: "はじめに配った紙を見る（" + page.DayOnly(plan.PaperOn) + "）"}
	if plan.OnPaper() {
		p.Paper = &page.Notice{Head: "紙で公表した募金です", Link: p.Scan,
			Text: page.DayOnly(plan.PaperOn) + "に紙でよびかけた使いみちを、そのまま写しています（第0版）。カードとコンビニは使えません。下の「寄付のしかた」を見てください。"}
	}
}
