package opendata

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Format is the number of the form. A reader that knows it can read whatever is added later.
const Format = 1

// What the data may be used for: anything, with the source named.
const (
	Licence    = "CC BY 4.0"
	LicenceURL = "https://creativecommons.org/licenses/by/4.0/deed.ja"
)

// Head is at the beginning of every file.
type Head struct {
	Format     int    `json:"format"`
	Kind       string `json:"kind"` // campaign, organisation
	On         string `json:"on"`   // the day of the figures
	Records    int64  `json:"records"`
	Source     string `json:"source"` // the page that shows the same
	Licence    string `json:"licence"`
	LicenceURL string `json:"licence_url"`
}

// Campaign is a campaign as anybody may take it away. Days are written 2026-11-25, and are empty where there is none; amounts are whole yen.
type Campaign struct {
	Head
	Organisation  Group    `json:"organisation"`
	Slug          string   `json:"slug"`
	Title         string   `json:"title"`
	Status        string   `json:"status"`
	Plan          Plan     `json:"plan"`
	People        People   `json:"people"`
	Total         Total    `json:"total"`
	Uses          []Use    `json:"uses"`
	Goals         []Goal   `json:"goals"`
	Reports       []Report `json:"reports"`
	Duties        []Duty   `json:"duties"`
	RecordsSource string   `json:"records_source"` // the list of entries, one line each
}

// Group names the organisation.
type Group struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Source string `json:"source"`
}

// Plan is the promise in force, besides its uses.
type Plan struct {
	Version       int        `json:"version"`
	PublishedOn   string     `json:"published_on"`
	CollectsFrom  string     `json:"collects_from"`
	CollectsUntil string     `json:"collects_until"`
	ReportDueOn   string     `json:"report_due_on"`
	Width         ledger.Yen `json:"width"`
	CostsBorneBy  string     `json:"costs_borne_by"`
	IfTooLittle   string     `json:"if_too_little"`
	IfTooMuch     string     `json:"if_too_much"`
	IfStopped     string     `json:"if_stopped"`
}

// People is who took part; nil is 1 to 4.
type People struct {
	Persons    *int `json:"persons"`
	Households *int `json:"households"`
	Companies  *int `json:"companies"`
	Nameless   *int `json:"nameless"`
}

// Total is the whole campaign; nil is an amount of 1 to 4 givers.
type Total struct {
	Promised  ledger.Yen  `json:"promised"`
	Carried   ledger.Yen  `json:"carried"`
	Received  ledger.Yen  `json:"received"` // with what was carried in
	Spent     ledger.Yen  `json:"spent"`
	Left      ledger.Yen  `json:"left"`
	Unchecked ledger.Yen  `json:"unchecked"`
	NoUse     ledger.Yen  `json:"no_use"`
	Pending   *ledger.Yen `json:"pending"`
	InKind    *ledger.Yen `json:"in_kind"`
}

// Use is one stated use, in its priority.
type Use struct {
	ID        int64        `json:"-"`
	Number    int          `json:"number"`
	Name      string       `json:"name"`
	Detail    string       `json:"detail"`
	Quantity  int64        `json:"quantity"`
	Unit      string       `json:"unit"`
	UnitPrice ledger.Yen   `json:"unit_price"`
	DueOn     string       `json:"due_on"`
	Evidence  string       `json:"evidence"`
	Promised  ledger.Yen   `json:"promised"`
	Received  ledger.Yen   `json:"received"`
	Named     ledger.Yen   `json:"named"`
	Spent     ledger.Yen   `json:"spent"`
	Left      ledger.Yen   `json:"left"`
	Unchecked ledger.Yen   `json:"unchecked"`
	Reported  []ledger.Yen `json:"reported"` // Spent as each of the reports stated it, in their order
}

// Goal is what was promised besides yen, and what is reached of it.
type Goal struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Target  int64  `json:"target"`
	Reached int64  `json:"reached"`
	Givers  *int   `json:"givers"` // of hours and things, each time counted; nil is 1 to 4
}

// Report is a published report: the latest version of each, the first report first.
type Report struct {
	Number      string `json:"number"`
	Turn        int    `json:"turn"`
	Version     int    `json:"version"`
	PublishedOn string `json:"published_on"`
	Source      string `json:"source"`
}

// Duty is a promised report.
type Duty struct {
	Number   int        `json:"number"`
	DueOn    string     `json:"due_on"`
	MetOn    string     `json:"met_on"`
	LateDays int        `json:"late_days"`
	LeftOver ledger.Yen `json:"left_over"`
}

// FindCampaign takes the data of an announced campaign as the book stands. site is the address of the installation, without a slash at its end. Call it inside
// one repeatable-read transaction where it has to agree with itself to the yen.
func FindCampaign(ctx context.Context, q sqlx.QueryerContext, o ledger.Organisation, c campaigns.Campaign, site string, on ledger.Date) (Campaign, error) {
	at := site + "/c/" + c.Slug
	d := Campaign{Head: head("campaign", at, on), Organisation: Group{o.Slug, o.Name, site + "/o/" + o.Slug}, Slug: c.Slug, Status: string(c.Status), RecordsSource: at + "/records.csv"}
	plan, err := campaigns.FindPlan(ctx, q, c.OrganisationID, c.ID, c.Version)
	if err != nil {
		return d, err
	}
	progress, err := campaigns.FindProgress(ctx, q, c, plan)
	if err != nil {
		return d, err
	}
	d.promise(plan)
	d.actual(progress.Told())
	if d.Records, err = ledger.Records(ctx, q, c.OrganisationID); err != nil {
		return d, err
	}
	duties, err := campaigns.Duties(ctx, q, c.OrganisationID, c.ID)
	if err != nil {
		return d, err
	}
	d.Duties = []Duty{}
	for _, owed := range duties {
		d.Duties = append(d.Duties, Duty{owed.Number, owed.DueOn.String(), owed.MetOn().String(), owed.Late(on), owed.LeftOver})
	}
	return d, d.reported(ctx, q, c, site)
}

func head(kind, source string, on ledger.Date) Head {
	return Head{Format: Format, Kind: kind, On: on.String(), Source: source, Licence: Licence, LicenceURL: LicenceURL}
}

func (d *Campaign) promise(p campaigns.Plan) {
	d.Title = p.Title
	d.Plan = Plan{Version: p.Version, CollectsFrom: p.CollectsFrom.String(), CollectsUntil: p.CollectsUntil.String(), ReportDueOn: p.ReportDueOn.String(), Width: p.Width(),
		CostsBorneBy: p.CostsBorneBy, IfTooLittle: p.IfTooLittle, IfTooMuch: p.IfTooMuch, IfStopped: p.IfStopped}
	if !p.PublishedAt.IsZero() {
		d.Plan.PublishedOn = ledger.DateOf(p.PublishedAt).String()
	}
}

// actual fills in what is told of the progress.
func (d *Campaign) actual(p campaigns.Progress) {
	d.People = People{told(p.People.Persons), told(p.People.Households), told(p.People.Companies), told(p.People.Nameless)}
	d.Total = Total{Promised: p.Promised, Carried: p.Carried, Received: p.Carried + p.Received, Spent: p.Spent, Left: p.Left, Unchecked: p.Waiting, NoUse: p.NoUse}
	if !p.PendingFew {
		d.Total.Pending = &p.Pending
	}
	if !p.InKindFew {
		d.Total.InKind = &p.InKind
	}
	d.Goals = []Goal{}
	for _, g := range p.Goals {
		d.Goals = append(d.Goals, Goal{string(g.Kind), g.Name, g.Unit, g.Target, g.Reached, told(g.Givers)})
	}
	d.Uses = []Use{}
	for i, u := range p.Uses {
		d.Uses = append(d.Uses, Use{ID: u.UseID, Number: i + 1, Name: u.Name, Detail: u.Detail, Quantity: u.Quantity, Unit: u.Unit, UnitPrice: u.UnitPrice, DueOn: u.DueOn.String(),
			Evidence: u.Evidence, Promised: u.Amount, Received: u.Received, Named: u.Named, Spent: u.Spent, Left: u.Left, Unchecked: u.Waiting, Reported: []ledger.Yen{}})
	}
}

// told is a number of givers as it may be told.
func told(n int) *int {
	if campaigns.Few(n) {
		return nil
	}
	return &n
}

// reported fills in the reports, the first one first, each in its latest version, and what each of them said was spent.
func (d *Campaign) reported(ctx context.Context, q sqlx.QueryerContext, c campaigns.Campaign, site string) error {
	var published []struct {
		Number  string      `db:"number"`
		Turn    int         `db:"turn"`
		Version int         `db:"version"`
		On      ledger.Date `db:"published_on"`
		Uses    []byte      `db:"uses"`
	}
	err := sqlx.SelectContext(ctx, q, &published, `
		SELECT DISTINCT ON (r.turn) p.number, r.turn, p.version, (p.published_at AT TIME ZONE 'Asia/Tokyo')::date AS published_on,
		       coalesce(p.figures #> '{progress,Uses}', '[]') AS uses
		  FROM report_publication p
		  JOIN report r ON r.organisation_id = p.organisation_id AND r.id = p.report_id
		 WHERE p.organisation_id = $1 AND r.campaign_id = $2
		 ORDER BY r.turn, p.version DESC`, c.OrganisationID, c.ID)
	if err != nil {
		return fmt.Errorf("reports of campaign %d: %w", c.ID, err)
	}
	d.Reports = []Report{}
	for _, r := range published {
		d.Reports = append(d.Reports, Report{r.Number, r.Turn, r.Version, r.On.String(), site + "/r/" + r.Number})
		var uses []struct { // as reports keeps campaigns.Progress
			UseID int64
			Spent ledger.Yen
		}
		if err = json.Unmarshal(r.Uses, &uses); err != nil {
			return fmt.Errorf("report %s: %w", r.Number, err)
		}
		spent := map[int64]ledger.Yen{}
		for _, u := range uses {
			spent[u.UseID] = u.Spent
		}
		for i := range d.Uses {
			d.Uses[i].Reported = append(d.Uses[i].Reported, spent[d.Uses[i].ID])
		}
	}
	return nil
}
