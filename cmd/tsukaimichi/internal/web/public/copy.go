package public

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// Proven is a line of the list of entries with the copies of its paper.
type Proven struct {
	Head   string // 記録 123・2026年11月
	Text   string // 食材（食材費）
	Amount ledger.Yen
	Photos []page.Photo
}

// Copy answers /files/{org}/redacted/{name}: the copy of a paper, while it is public.
func (p *Pages) Copy(w http.ResponseWriter, r *http.Request) error {
	organisation, err := strconv.ParseInt(r.PathValue("org"), 10, 64)
	if err != nil {
		return ledger.ErrNotFound
	}
	name, isJPEG := strings.CutSuffix(r.PathValue("name"), ".jpg")
	if !isJPEG {
		return ledger.ErrNotFound
	}
	hash, err := files.ParseHash(name)
	if err != nil {
		return err
	}
	is, err := redaction.IsPublic(r.Context(), p.DB, organisation, hash[:])
	if err != nil {
		return err
	}
	if !is {
		return ledger.ErrNotFound
	}
	bytes, err := p.Files.Read(r.Context(), organisation, files.KindRedacted, hash)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cache-Control", "no-cache") // it may be withdrawn: asked for again each time
	return sendFile(w, r, files.JPEG, r.PathValue("name"), hash, bytes)
}

// proven returns the lines of a report's list whose papers have public copies, in the order of the list.
func proven(ctx context.Context, q sqlx.QueryerContext, c campaigns.Campaign, entries []reports.PublicEntry) ([]Proven, error) {
	copies, err := redaction.Public(ctx, q, c.OrganisationID, c.FundID)
	if err != nil || len(copies) == 0 {
		return nil, err
	}
	photos := map[int64][]page.Photo{}
	for _, shown := range copies {
		n := len(photos[shown.Record]) + 1
		photos[shown.Record] = append(photos[shown.Record], page.Photo{Source: fmt.Sprintf("/files/%d/redacted/%x.jpg", c.OrganisationID, shown.FileHash),
			Alt: fmt.Sprintf("記録%dの書類の写し、%d枚目。名前や住所などは黒くぬってあります。", shown.Record, n)})
	}
	var list []Proven
	for _, e := range entries {
		if e.Record <= 0 || len(photos[e.Record]) == 0 || e.Side != reports.SideOut {
			continue
		}
		line := Proven{Head: fmt.Sprintf("記録 %d・%d年%d月", e.Record, e.Month.Year(), e.Month.Month()), Text: e.What(nil), Amount: e.Amount, Photos: photos[e.Record]}
		if e.Use != "" {
			line.Text += "（" + e.Use + "）"
		}
		list = append(list, line)
	}
	return list, nil
}
