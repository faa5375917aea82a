package public

import (
	"context"
	"fmt"
	"net/http"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

// Group is an organisation with everything its page shows.
type Group struct {
	Organisation ledger.Organisation
	Campaigns    []Other
	opendata.Year
	Records int64
	Today   ledger.Date
	Unasked int // gifts nobody asked for
	Papers  []page.Document
	Duties  []campaigns.Duty // every report it ever promised
	Vetting *vetting.Vetting // nil while no operator has looked at it
}

// Organisation answers /o/{slug}.
func (p *Pages) Organisation(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(ctx context.Context) (page.Page, error) {
		id, _, err := ledger.FindSlug(ctx, p.DB, ledger.SlugOrganisation, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		group, err := p.group(ctx, id)
		if err != nil {
			return nil, err
		}
		return NewOrganisationPage(group), nil
	})
}

func (p *Pages) group(ctx context.Context, id int64) (Group, error) {
	g := Group{Today: p.today()}
	var err error
	if g.Organisation, err = ledger.FindOrganisation(ctx, p.DB, id); err != nil {
		return g, err
	}
	if g.Campaigns, err = others(ctx, p.DB, othersQuery{organisationID: id, limit: 50}); err != nil {
		return g, err
	}
	if g.Records, err = ledger.Records(ctx, p.DB, id); err != nil {
		return g, err
	}
	if g.Year, err = opendata.FindYear(ctx, p.DB, g.Organisation, g.Today); err != nil {
		return g, err
	}
	if g.Duties, err = campaigns.Duties(ctx, p.DB, id, 0); err != nil {
		return g, err
	}
	unasked, err := campaigns.FindUnasked(ctx, p.DB, id)
	if err != nil {
		return g, err
	}
	g.Unasked = unasked.Gifts
	if g.Vetting, err = vettingOf(ctx, p.DB, id); err != nil {
		return g, err
	}
	g.Papers, err = papers(ctx, p.DB, id)
	return g, err
}

func papers(ctx context.Context, q sqlx.QueryerContext, id int64) ([]page.Document, error) {
	var published []struct {
		Number  string      `db:"number"`
		Title   string      `db:"title"`
		Turn    int         `db:"turn"`
		Version int         `db:"version"`
		On      ledger.Date `db:"published_on"`
	}
	err := sqlx.SelectContext(ctx, q, &published, `
		SELECT p.number, n.title, r.turn, p.version, (p.published_at AT TIME ZONE 'Asia/Tokyo')::date AS published_on
		  FROM report_publication p
		  JOIN report r ON r.organisation_id = p.organisation_id AND r.id = p.report_id
		  JOIN campaign c ON c.organisation_id = r.organisation_id AND c.id = r.campaign_id
		  JOIN plan n ON n.organisation_id = c.organisation_id AND n.campaign_id = c.id AND n.version = c.version
		 WHERE p.organisation_id = $1
		 ORDER BY p.published_at DESC
		 LIMIT 50`, id)
	if err != nil {
		return nil, fmt.Errorf("reports of organisation %d: %w", id, err)
	}
	var list []page.Document
	for _, r := range published {
		list = append(list, page.Document{
			Link: page.Link{Href: "/r/" + r.Number, Text: r.Title + " 使いみちの報告"}, Note: fmt.Sprintf("%s（%s）", page.DayOnly(r.On), reports.EditionName(r.Turn, r.Version)),
		})
	}
	return list, nil
}

// NewOrganisationPage builds the page of an organisation.
func NewOrganisationPage(g Group) OrganisationPage {
	o := g.Organisation
	p := OrganisationPage{
		Public: page.Public{Title: o.Name, Description: o.Name + "のページ。入ったお金、使ったお金、報告。"},
		Place:  place(o), Name: o.Name, Lead: o.Purpose, Campaigns: rows(g.Campaigns, g.Today),
		NoneYet:   page.Empty{Text: "まだ募金はありません。始まると、ここに並びます。"},
		YearNote:  page.DayOnly(g.From) + "から" + page.DayOnly(g.Today) + "まで。",
		Documents: g.Papers, Contact: contact(o), LawHref: "/o/" + o.Slug + "/law", TraceHref: "/o/" + o.Slug + "/trace",
		Data: []page.Document{{Link: page.Link{Href: "/o/" + o.Slug + "/data.csv", Text: "すべての募金の、約束と実際（CSV）"}, Note: "表計算ソフトで開けます"},
			{Link: page.Link{Href: "/o/" + o.Slug + "/data.json", Text: "団体と募金の、約束と実際（JSON）"}, Note: "プログラムのため"}},
		Proof: page.Proof{VerifyHref: logHref(o), Cells: []page.ProofCell{page.Sequence(int(g.Records)), {Term: "数字の出どころ", Text: "すべて帳簿から", Note: "手で書いた合計はありません"}}},
	}
	in, out := shares(g.In, -1), shares(g.Out, 1)
	scale := max(in.Total.Amount, out.Total.Amount)
	in.Scale, out.Scale, out.Out = scale, scale, true
	p.In, p.Out = in.Draw(), out.Draw()
	opened := g.Now - g.AtStart - in.Total.Amount + out.Total.Amount
	p.Left = page.Agree{
		{Name: page.ShortDay(g.From) + "にあったお金", Amount: g.AtStart + opened},
		{Name: "入ったお金", Amount: in.Total.Amount, Signed: true}, {Name: "使ったお金", Amount: -out.Total.Amount, Signed: true},
		{Name: "いまあるお金", Amount: g.Now, Sum: true},
		{Name: "うち、使いみちの決まったお金", Amount: g.Restricted}, {Name: "うち、団体が自由に使えるお金", Amount: g.Now - g.Restricted},
	}
	p.Promises, p.Vetted = keptPromises(g), vetted(g.Vetting, o)
	if g.Unasked > 0 {
		p.Unasked = page.Pair{Term: "募金ではない寄付", Text: giftsTold(g.Unasked), Link: page.Link{Href: "/o/" + o.Slug + "/gifts", Text: "届いた寄付と、何に使うかを見る"}}
	}
	for _, c := range g.Campaigns {
		if late := lateDays(c.Owed, g.Today); late > 0 {
			p.Notices = append(p.Notices, page.Notice{Tag: lateTag(late), Head: c.Plan.Title, Attend: true,
				Text: fmt.Sprintf("報告の期限（%s）から%d日すぎています。", page.DayOnly(c.Owed), late)})
		}
	}
	return p
}

// giftsTold is a number of gifts as anybody may read it.
func giftsTold(n int) string {
	if campaigns.Few(n) {
		return fmt.Sprintf("%d件未満。", campaigns.Fewest)
	}
	return page.Count(n) + "件。"
}

func shares(flows []ledger.AccountBalance, sign ledger.Yen) page.Shares {
	s := page.Shares{Total: page.Share{Name: "合計"}}
	for _, f := range flows {
		s.Rows = append(s.Rows, page.Share{Name: f.Plain, Amount: sign * f.Balance})
		s.Total.Amount += sign * f.Balance
	}
	return s
}

func place(o ledger.Organisation) string {
	if o.AddressDisclosed {
		return o.Address
	}
	return ""
}

func contact(o ledger.Organisation) []page.Pair {
	pairs := []page.Pair{{Term: "団体", Text: o.Name, Name: true}, {Term: "代表・責任者", Text: o.Representative, Name: true}}
	if o.AddressDisclosed && o.Address != "" {
		pairs = append(pairs, page.Pair{Term: "住所", Text: o.Address, Name: true})
	} else {
		pairs = append(pairs, page.Pair{Term: "住所", Text: onRequest})
	}
	if o.Phone != "" {
		pairs = append(pairs, page.Pair{Term: "電話", Tel: o.Phone, Text: o.PhoneHours})
	}
	if o.Mail != "" {
		pairs = append(pairs, page.Pair{Term: "メール", Mail: o.Mail})
	}
	return append(pairs, page.Pair{Term: "おかしいと思ったら", Link: page.Link{Href: "/o/" + o.Slug + MisusePath, Text: "できることを読む"}})
}

func taxNote(o ledger.Organisation, on ledger.Date) string {
	if o.Certified(on) {
		return "この団体は認定NPO法人です（" + o.CertifiedNumber + "）。寄付は税金の控除の対象になります。"
	}
	return "この団体への寄付は、税金の控除の対象ではありません。"
}
