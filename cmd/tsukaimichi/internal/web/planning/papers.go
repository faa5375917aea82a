package planning

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

func paperRow(d console.Desk, paper profile.Paper) page.ListRow {
	row := page.ListRow{Name: paper.Kind, Href: d.Path("profile", "papers", paper.ID), Note: paper.Name}
	if paper.FiscalYear > 0 {
		row.Name += fmt.Sprintf("（%d年度）", paper.FiscalYear)
	}
	switch {
	case paper.Expired(d.Today()):
		row.Tag = page.Tag{Kind: page.TagLate, Text: "期限切れ"}
		row.Text = page.DayOnly(paper.ExpiresOn) + "まででした"
	case !paper.ExpiresOn.IsZero():
		row.Text = page.DayOnly(paper.ExpiresOn) + "まで"
	}
	return row
}

func uploadFields(form *page.Form) []page.Field {
	kinds := make([]page.Option, len(profile.Kinds))
	for i, kind := range profile.Kinds {
		kinds[i] = page.Option{Value: kind, Text: kind}
	}
	return []page.Field{
		form.Field(page.Field{Name: "kind", Label: "書類の種類", Options: kinds}),
		form.Field(page.Field{Name: "fiscal_year", Label: "年度", Aside: "年ごとのものだけ", Hint: "例：2025", InputMode: "numeric"}),
		form.Field(page.Field{Name: "expires_on", Label: "いつまで使えますか", Aside: "決まっていなければ、空けておきます"}),
		form.Field(page.Field{Name: "file", Label: "ファイル", Hint: "PDFか写真", Type: "file", Accept: "application/pdf,image/jpeg,image/png,image/webp", Required: true}),
	}
}

// AddPaper keeps a paper of the group.
func (p *Pages) AddPaper(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	paper, err := p.readPaper(w, r, d)
	if err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			_, err := profile.AddPaper(r.Context(), tx, d.Organisation.ID, paper, d.By(), d.Now)
			return err
		})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.profile(w, r, http.StatusUnprocessableEntity, r.PostForm, problems)
	}
	return redirect(w, r, d.Path("profile")+"#papers", "paper_added")
}

func (p *Pages) readPaper(w http.ResponseWriter, r *http.Request, d console.Desk) (profile.Paper, error) {
	r.Body = http.MaxBytesReader(w, r.Body, files.MaxBytes+1<<20)
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		return profile.Paper{}, files.TooLarge
	}
	bad := ledger.Invalid{}
	paper := profile.Paper{Kind: r.PostForm.Get("kind")}
	if text := r.PostForm.Get("fiscal_year"); text != "" {
		year, err := strconv.Atoi(text)
		bad.Need(err == nil, "fiscal_year", "profile.fiscal_year")
		paper.FiscalYear = year
	}
	if text := r.PostForm.Get("expires_on"); text != "" {
		on, err := ledger.ParseDate(text)
		bad.Need(err == nil, "expires_on", "profile.day_shape")
		paper.ExpiresOn = on
	}
	headers := r.MultipartForm.File["file"]
	if bad.Need(len(headers) == 1 && headers[0].Size > 0, "file", "profile.file"); len(bad) > 0 {
		return paper, bad
	}
	kept, err := p.Files.Receive(r.Context(), d.Organisation.ID, files.KindForm, headers[0])
	if err != nil {
		return paper, err
	}
	paper.Name, paper.Hash, paper.Bytes, paper.Mime = headers[0].Filename, kept.Hash[:], kept.Size, kept.Type
	return paper, nil
}

// Paper answers with the bytes of a paper, for members alone.
func (p *Pages) Paper(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	paper, err := profile.FindPaper(r.Context(), p.DB, d.Organisation.ID, id)
	if err != nil {
		return ledger.ErrNotFound
	}
	var hash files.Hash
	copy(hash[:], paper.Hash)
	kept, err := p.Files.Open(r.Context(), d.Organisation.ID, files.KindForm, hash)
	if err != nil {
		return err
	}
	defer func() { _ = kept.Close() }()
	w.Header().Set("Content-Type", paper.Mime)
	w.Header().Set("Content-Disposition", "inline")
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.Header().Set("Cache-Control", "private, no-store")
	_, err = io.Copy(w, kept)
	return err
}
