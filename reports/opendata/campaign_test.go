package opendata_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

const site = "https://tsukaimichi.example"

// taken is the data of a campaign as it stands.
func taken(t *testing.T, g *campaigntest.Group, c campaigns.Campaign) opendata.Campaign {
	t.Helper()
	o, err := ledger.FindOrganisation(t.Context(), g.DB, g.ID)
	if err != nil {
		t.Fatal(err)
	}
	d, err := opendata.FindCampaign(t.Context(), g.DB, o, g.Campaign(c.ID), site, g.Today())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// neighbour gives as the i-th neighbour, for a use or for none.
func neighbour(i int, use int64) func(*campaigns.Gift) {
	return func(g *campaigns.Gift) {
		g.CountsAs, g.UseID = "person", use
		g.Donor = campaigns.Donor{Name: fmt.Sprintf("練習 %d", i), Address: fmt.Sprintf("練習町%d", i), Kind: "person"}
	}
}

func TestEveryGiftOfABookIsTracedFromTheListAlone(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce()
	uses := g.Uses(c)
	var gifts []campaigns.Donation
	for i := range 14 {
		use := int64(0)
		if i%2 == 1 {
			use = uses[1].ID
		}
		gifts = append(gifts, g.Enter(c, ledger.Yen(1_000+333*i), neighbour(i, use)))
	}
	g.Check(g.Spend(uses[0], 7_777))
	g.Spend(uses[1], 1_234)
	d := taken(t, g, c)
	if d.Uses[1].Named == 0 || d.Total.Received != d.Uses[0].Received+d.Uses[1].Received || *d.People.Persons != 14 {
		t.Fatalf("%+v", d)
	}
	for _, gift := range gifts {
		held, err := campaigns.HoldingsOf(t.Context(), g.DB, gift)
		if err != nil || len(held) != 1 || held[0].Amount != gift.Amount {
			t.Fatalf("%+v, %v", held, err)
		}
		agree(t, d, held[0].Amount, slices.IndexFunc(uses, func(u ledger.Use) bool { return u.ID == held[0].UseID })+1)
	}
}

func TestASmallPlaceTellsWhatAllGaveTogetherAlone(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce()
	g.Enter(c, 2_222, neighbour(1, g.Uses(c)[1].ID))
	g.Enter(c, 3_333, neighbour(2, 0))
	g.Give(c, 9_876)
	d := taken(t, g, c)
	file, err := opendata.CSV(d)
	if err != nil {
		t.Fatal(err)
	}
	all, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if d.People.Persons != nil || d.Total.Pending != nil || d.Total.Received != 5_555 {
		t.Errorf("%+v %+v", d.People, d.Total)
	}
	for _, secret := range []string{"2222", "3333", "9876"} {
		if strings.Contains(string(all)+string(file), secret) {
			t.Errorf("%s can be read", secret)
		}
	}
	if !strings.Contains(string(file), "5未満") {
		t.Errorf("%s", file)
	}
}

func TestEveryFieldIsDocumentedAndEveryDocumentedFieldIsThere(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce()
	g.Enter(c, 1_000, neighbour(1, 0))
	d := taken(t, g, c)
	d.Goals = []opendata.Goal{{}}
	d.Reports, d.Uses[0].Reported = []opendata.Report{{}}, []ledger.Yen{1}
	same(t, d, opendata.CampaignFields)
	o, err := opendata.FindOrganisation(t.Context(), g.DB, g.ID, site, g.Today())
	if err != nil || len(o.Campaigns) != 1 || o.Campaigns[0].Title != d.Title {
		t.Fatalf("%+v, %v", o, err)
	}
	o.Campaigns = nil
	o.Year.Expense = []opendata.Account{{}}
	fields := slices.DeleteFunc(slices.Clone(opendata.OrganisationFields), func(f opendata.Field) bool { return f.Path == "campaigns[]" })
	same(t, o, append(fields, opendata.Field{Path: "campaigns", Meaning: "none here"}))
}

// same compares the paths of a value's JSON with those that are documented.
func same(t *testing.T, value any, fields []opendata.Field) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err = json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	paths("", tree, got)
	for _, f := range fields {
		if !got[f.Path] {
			t.Errorf("%s is documented and not there", f.Path)
		}
		if f.Meaning == "" {
			t.Errorf("%s means nothing", f.Path)
		}
		delete(got, f.Path)
	}
	for path := range got {
		t.Errorf("%s is not documented", path)
	}
}

func paths(at string, tree any, into map[string]bool) {
	switch tree := tree.(type) {
	case map[string]any:
		for name, value := range tree {
			paths(strings.TrimPrefix(at+"."+name, "."), value, into)
		}
	case []any:
		for _, value := range tree {
			paths(at+"[]", value, into)
		}
	default:
		into[at] = true
	}
}

func TestTheListIsForSpreadsheetsAndHoldsNoFormula(t *testing.T) {
	t.Parallel()
	d := opendata.Campaign{Title: "=1+1", Uses: []opendata.Use{{Number: 1, Name: "＠会場", Left: -500}}}
	file, err := opendata.CSV(d)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(file, []byte("\ufeff行,団体,")) || !bytes.Contains(file, []byte("'=1+1")) || !bytes.Contains(file, []byte("'＠会場")) || !bytes.Contains(file, []byte(",-500,")) || !bytes.Contains(file, []byte("\r\n")) {
		t.Errorf("%s", file)
	}
}
