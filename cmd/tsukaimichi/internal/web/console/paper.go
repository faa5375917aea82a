package console

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
)

// EditPaper asks when and how a draft was handed out on paper, and for its scan.
func (p *Pages) EditPaper(w http.ResponseWriter, r *http.Request) error {
	return p.editPaper(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) editPaper(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	if c.Status != campaigns.Draft { // announced meanwhile
		if len(problems) > 0 {
			return p.campaign(w, r, status, c, "paper", values, problems)
		}
		return redirect(w, r, d.Path("campaigns", c.ID), "")
	}
	paper, err := campaigns.FindPaper(r.Context(), p.DB, d.Organisation.ID, c.ID)
	if err != nil && !errors.Is(err, campaigns.ErrNotFound) {
		return err
	}
	if values == nil {
		values = url.Values{"handed_out_on": {paper.HandedOutOn.String()}, "way": {paper.Way}}
	}
	b := builder{form: page.NewForm(values, problems)}
	form := FormPage{Heading: "紙で、もうよびかけた募金", Action: d.Path("campaigns", c.ID, "paper"), Files: true, Button: "残す",
		Lead:   "回覧やチラシでよびかけてから、ここに入れる募金です。紙に書いた使いみちを、下書きにそのまま写してください。それが「第0版（紙で公表）」になります。集まった現金を入れられます。カードとコンビニは、画面で新しい版を公表してから使えます。",
		Second: page.Link{Href: d.Path("campaigns", c.ID, "edit"), Text: "下書きにもどる"}}
	var ways []page.Option
	for _, way := range campaigns.PaperWays {
		ways = append(ways, page.Option{Value: way, Text: promise.PaperWay(way)})
	}
	scan := page.Field{Name: "papers", Label: "配った紙の、写真かPDF", Type: "file", Accept: "image/jpeg,image/png,image/webp,application/pdf", Required: paper.ScanHash == nil,
		Hint: "募金のページから、だれでも見られます。人の名前や電話番号が写っていたら、かくしてから撮ってください。"}
	if paper.ScanHash != nil {
		scan.Aside = "もう受け取っています。取りかえるときだけ、選んでください"
	}
	form.Steps = []FormStep{{Legend: "紙のこと", Items: []Item{
		b.field(dayField("handed_out_on", "配った日", "")), b.field(page.Field{Name: "way", Label: "どのように", Options: selectOptions("選んでください", ways)}), b.field(scan)}}}
	if paper.ScanHash != nil {
		form.Steps[0].Items = append(form.Steps[0].Items, b.tick(page.Tick{Name: "drop", Label: "紙で公表した募金ではありません", Note: "選んで残すと、ふつうの下書きにもどります。"}))
	}
	form.Problems = b.form.Problems()
	form.Console = d.Frame(r, "紙で公表した募金："+titleOf(c), page.Campaigns, page.Link{Href: d.Path("campaigns"), Text: "募金"}, page.Link{Href: d.Path("campaigns", c.ID, "edit"), Text: "下書き"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

// SavePaper keeps when and how the draft was handed out on paper, and the scan.
func (p *Pages) SavePaper(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readUpload(w, r)
	if err != nil {
		return p.paperRefused(w, r, t, err)
	}
	paper := campaigns.PaperCall{CampaignID: c.ID, HandedOutOn: t.day("handed_out_on"), Way: t.Get("way")}
	if paper.ScanHash, paper.ScanType, err = p.keepScan(r, t); err != nil {
		return err
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if t.Get("drop") != "" {
			return campaigns.DropPaper(r.Context(), tx, d.Organisation.ID, c.ID)
		}
		return campaigns.SavePaper(r.Context(), tx, d.Organisation.ID, paper, d.By(), d.Now)
	})
	if err != nil {
		return p.paperRefused(w, r, t, err)
	}
	return redirect(w, r, d.Path("campaigns", c.ID, "edit"), "draft_saved")
}

func (p *Pages) paperRefused(w http.ResponseWriter, r *http.Request, t typed, err error) error {
	var refused files.Refused
	if errors.As(err, &refused) {
		return p.editPaper(w, r, http.StatusUnprocessableEntity, t.Values, sayings(map[string]string{"papers": string(refused)}))
	}
	problems, err := wrong(err)
	if err != nil {
		return err
	}
	return p.editPaper(w, r, http.StatusUnprocessableEntity, t.Values, problems)
}

// keepScan keeps the scan of the form, if there is one; what is not fit is noted.
func (p *Pages) keepScan(r *http.Request, t typed) (hash []byte, mime string, err error) {
	if r.MultipartForm == nil {
		return nil, "", nil
	}
	for _, header := range r.MultipartForm.File["papers"] {
		if header.Size == 0 && header.Filename == "" {
			continue
		}
		kept, err := p.Files.Receive(r.Context(), desk(r).Organisation.ID, files.KindPaper, header)
		var refused files.Refused
		if errors.As(err, &refused) {
			t.bad.Need(false, "papers", string(refused))
			return nil, "", nil
		}
		return kept.Hash[:], kept.Type, err
	}
	return nil, "", nil
}
