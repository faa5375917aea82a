package public

import (
	"context"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// MisusePath is where a reader finds what he can do when money seems to be misused; the foot of every page leads there.
const MisusePath = page.MisusePath

// MisusePage is what a giver can do when money seems to be misused, from the nearest to the farthest: of every group, or of one.
type MisusePage struct {
	page.Public
	Lead  string
	Steps []MisuseStep
}

// MisuseStep is one thing to do.
type MisuseStep struct {
	Head  string
	Text  string // an empty line ends a paragraph
	Pairs []page.Pair
	Docs  []page.Document
}

// Template names the page.
func (MisusePage) Template() string { return "public/misuse" }

// Misuse answers /misuse.
func (p *Pages) Misuse(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(context.Context) (page.Page, error) { return NewMisusePage(p.Renderer.Site(), nil, nil), nil })
}

// MisuseOf answers /o/{slug}/misuse.
func (p *Pages) MisuseOf(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(ctx context.Context) (page.Page, error) {
		id, _, err := ledger.FindSlug(ctx, p.DB, ledger.SlugOrganisation, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		o, err := ledger.FindOrganisation(ctx, p.DB, id)
		if err != nil {
			return nil, err
		}
		published, err := papers(ctx, p.DB, id)
		return NewMisusePage(p.Renderer.Site(), &o, published), err
	})
}

// mostAsked is how many reports can be asked about from the page of a group.
const mostAsked = 3

// NewMisusePage builds the page: for every group, or for o with its reports, the latest first.
func NewMisusePage(site page.Site, o *ledger.Organisation, published []page.Document) MisusePage {
	p := MisusePage{Public: page.Public{Title: "お金の使われ方が、おかしいと思ったら", Description: "寄付したお金の使われ方がおかしいと思ったときに、できること。"},
		Lead: "たずねることは、失礼なことではありません。下の順に、できるところからしてください。いちばん早いのは、団体に聞くことです。"}
	if o != nil {
		p.Lead = "「" + o.Name + "」のお金のことで、できることです。" + p.Lead
		p.Crumbs = []page.Link{{Href: "/o/" + o.Slug, Text: o.Name}}
	}
	p.Steps = []MisuseStep{
		{Head: "記録を見る", Text: "募金のページに、約束した使いみちと、いま使った金額が並んでいます。「記録の一覧」では、出たお金を1行ずつ見られます。公表された記録は、あとから消したり書きかえたりできません。",
			Docs: []page.Document{{Link: page.Link{Href: "/verify", Text: "数字を自分で確かめる"}}}},
		askGroup(o, published), unspent, askOperator(site), authority(o), helplines,
	}
	if o != nil {
		p.Steps[0].Docs = append([]page.Document{{Link: page.Link{Href: "/o/" + o.Slug, Text: o.Name + "のお金と報告"}}}, p.Steps[0].Docs...)
	}
	return p
}

func askGroup(o *ledger.Organisation, published []page.Document) MisuseStep {
	s := MisuseStep{Head: "団体に聞く", Text: "報告のページの「報告について質問する」から、名前を書かずに聞けます。答えは、質問といっしょに、みんなが読めるところに出ます。\n\n電話やメールでも聞けます。いつ・どの募金の・どのお金のことかを伝えると、話が早くなります。"}
	if o == nil {
		s.Text += "\n\n電話番号とメールは、その団体のページにあります。"
		return s
	}
	for i, report := range published {
		if i == mostAsked {
			break
		}
		s.Docs = append(s.Docs, page.Document{Link: page.Link{Href: report.Link.Href + "/ask", Text: "「" + report.Link.Text + "」について質問する"}, Note: report.Note})
	}
	s.Pairs = contactNow(*o)
	return s
}

var unspent = MisuseStep{Head: "自分の分を返してほしいと言う",
	Text: "カードかコンビニで払ったあと8日のあいだは、「あなたの寄付」のページから、自分で全額を返してもらえます。そのページのリンクは、寄付のときのメールにあります。\n\n" +
		"使いみちが大きく変わるときと、募金が中止になったときは、まだ使っていない自分の分を、返してほしいと答えられます。団体から、メールか紙でたずねます。\n\n" +
		"それよりあとや、現金・振込のときは、まだ使っていない自分の分を返してほしいと、団体に言ってください。返すかどうかは、団体が決めます。もう使った分は、返らないことがあります。"}

func askOperator(site page.Site) MisuseStep {
	s := MisuseStep{Head: "この場を動かしている団体に知らせる",
		Text: "団体から返事がないときや、返事に納得できないときに、知らせてください。運営者は、団体に説明を求め、帳簿を読ませるように求めることができます。記録は、団体にも運営者にも消せません。お金は団体の口座へ直接届くので、運営者が返すことはできません。"}
	if site.Operator == "" {
		s.Text += "\n\n連絡先は、まだここに出ていません。"
		return s
	}
	s.Pairs = []page.Pair{{Term: "運営者", Text: site.Operator}}
	if site.OperatorTel != "" {
		s.Pairs = append(s.Pairs, page.Pair{Term: "電話", Tel: site.OperatorTel, Text: site.OperatorHours})
	}
	if site.OperatorMail != "" {
		s.Pairs = append(s.Pairs, page.Pair{Term: "メール", Mail: site.OperatorMail})
	}
	return s
}

// authorities are who watches over a group, by its kind: 特定非営利活動促進法第9条・第41条, 社会福祉法第30条・第56条, 地方自治法第260条の2.
var authorities = []struct {
	kind string
	page.Pair
}{
	{"npo", page.Pair{Term: "NPO法人", Text: "所轄庁に知らせます。事務所のある都道府県です。事務所が1つの政令指定都市の中だけにあるときは、その市です。所轄庁は、法人に報告を求めたり、立ち入って調べたりできます。"}},
	{"shakyo", page.Pair{Term: "社会福祉協議会", Text: "多くは社会福祉法人です。所轄庁に知らせます。都道府県か市です。どちらかは、市役所や町村役場の福祉の窓口で教えてもらえます。"}},
	{"chonaikai", page.Pair{Term: "自治会・町内会", Text: "監督する役所はありません。会の監事と総会が確かめます。会員は、総会で帳簿の説明を求められます。市区町村の認可を受けた会（認可地縁団体）のことは、市区町村の自治会の窓口で聞けます。"}},
	{"volunteer", page.Pair{Term: "ボランティアの集まり", Text: "監督する役所はありません。会の監事か、ほかの会員に聞いてください。社会福祉協議会のボランティアの窓口に登録している会なら、そこでも相談できます。"}},
}

func authority(o *ledger.Organisation) MisuseStep {
	s := MisuseStep{Head: "役所に知らせる", Text: "団体の種類で、知らせる先がちがいます。"}
	for _, a := range authorities {
		if o == nil || o.Kind == a.kind {
			s.Pairs = append(s.Pairs, a.Pair)
		}
	}
	if o != nil && len(s.Pairs) == 1 {
		s.Text = ""
	}
	if len(s.Pairs) == 0 {
		s.Text = "この団体を監督する役所があるかどうかは、団体に聞いてください。分からないときは、市区町村の役所で聞けます。"
	}
	return s
}

var helplines = MisuseStep{Head: "外に相談する", Text: "うそを言って集めている、ことわっても何度も求められる、返事も記録もない。そんなときは、1人で決めずに、電話してください。",
	Pairs: []page.Pair{
		{Term: "消費者ホットライン", Tel: "188", Text: "近くの消費生活センターにつながります。相談は無料で、電話代がかかります"},
		{Term: "警察の相談電話", Tel: "#9110", Text: "犯罪かもしれないと思うとき。いそぐときは110番です"},
	}}

// contactNow is how a group can be asked at once.
func contactNow(o ledger.Organisation) []page.Pair {
	pairs := contact(o)
	return pairs[:len(pairs)-1] // without the way to this page
}
