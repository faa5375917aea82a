package reporting

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// matter is what a request is about: the desk, the campaign of the path, its report as far as there is one.
type matter struct {
	console.Desk
	Campaign campaigns.Campaign
	Report   reports.Report    // with id 0 while nobody has begun
	Editions []reports.Edition // published versions, the latest first
}

// find returns the matter of a request. A draft campaign has nothing to report on yet: ErrNotFound.
func (p *Pages) find(r *http.Request) (matter, error) {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return matter{}, err
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return matter{}, ledger.ErrNotFound
	}
	m := matter{Desk: d}
	if m.Campaign, err = campaigns.Find(r.Context(), p.DB, d.Organisation.ID, id); err != nil {
		return m, err
	}
	if !m.Campaign.Public() {
		return m, ledger.ErrNotFound
	}
	if m.Editions, err = reports.Editions(r.Context(), p.DB, d.Organisation.ID, id); err != nil {
		return m, err
	}
	m.Report, err = reports.DraftOf(r.Context(), p.DB, d.Organisation.ID, id)
	if errors.Is(err, reports.ErrNotFound) {
		m.Report, err = reports.Report{OrganisationID: d.Organisation.ID, CampaignID: id}, nil
	}
	return m, err
}

// writing reports whether there is something to write: a draft, or a campaign without any report.
func (m matter) writing() bool { return m.Report.ID > 0 || len(m.Editions) == 0 }

// correcting reports whether what is written is a 訂正版.
func (m matter) correcting() bool { return m.Report.Corrects > 0 }

// at is an address of the report.
func (m matter) at(parts ...any) string {
	return m.Path(append([]any{"campaigns", m.Campaign.ID, "report"}, parts...)...)
}

// frame is the frame of a page of this room, under its own words for what was just done.
func frame(d console.Desk, r *http.Request, title string, crumbs ...page.Link) page.Console {
	f := d.Frame(r, title, page.Reports, crumbs...)
	f.Done = ""
	if key := "report.done_" + r.URL.Query().Get("done"); locale.Japanese.Has(key) {
		f.Done = locale.Japanese.T(key)
	}
	return f
}

func (m matter) frame(r *http.Request, title string, crumbs ...page.Link) page.Console {
	return frame(m.Desk, r, title, append([]page.Link{{Href: m.Path("reports"), Text: "報告"}}, crumbs...)...)
}

// redirect ends a POST; the page at the path says once what was done.
func redirect(w http.ResponseWriter, r *http.Request, path, done string) error {
	return page.Redirect(w, r, path, done)
}

// wrong turns an error into what the page says about it, by field or under "" for the whole form. Any other error comes back as it is.
func wrong(err error) (map[string]string, error) {
	say := locale.Japanese.T
	var bad ledger.Invalid
	var refused files.Refused
	switch {
	case errors.As(err, &bad):
		said := make(map[string]string, len(bad))
		for field, key := range bad {
			said[field] = say(key)
		}
		return said, nil
	case errors.As(err, &refused):
		return map[string]string{"photos": say(string(refused))}, nil
	case errors.Is(err, reports.ErrPublished):
		return map[string]string{"": say("report.published")}, nil
	case errors.Is(err, reports.ErrCorrecting):
		return map[string]string{"": say("report.withdraw_correcting")}, nil
	case errors.Is(err, reports.ErrNothingOwed):
		return map[string]string{"": say("report.nothing_owed")}, nil
	case errors.Is(err, reports.ErrMoved):
		return map[string]string{"": say("report.moved")}, nil
	}
	return nil, err
}
