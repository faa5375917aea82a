package reporting

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	edition "github.com/tsukaimichi/tsukaimichi/reports/page"
)

// BuilderPage is a report being written: the figures as they will be printed, and beside them what only the group can say.
type BuilderPage struct {
	page.Console
	Heading  string
	Tag      page.Tag
	When     string
	Problems page.Problems
	Action   string
	Seen     string // which state of the report the form was sent out with
	People   page.People
	Total    template.HTML
	Warnings []string
	Changes  *page.Field // of a correction
	Uses     []UseRow
	Did      []page.Field
	Photos   []PhotoRow
	Upload   page.Field
	More     bool // takes more photos
	Voices   []VoiceRow
	Money    template.HTML
	Rest     []page.Field
	Wrong    page.Field
	Thanks   page.Field
	Audit    []page.Field
	Ready    []Lack
	Papers   []page.Document
	Head     bool // may publish
	Old      page.Link
}

// Template names the template of the page.
func (BuilderPage) Template() string { return "reporting/builder" }

// UseRow is a use with what became of it and the reason.
type UseRow struct {
	Bar    template.HTML
	Reason page.Field
	Needed bool
}

// PhotoRow is a photo with its words.
type PhotoRow struct {
	Number       int
	Source       string
	Hash         string
	HashField    string
	Alt, Caption page.Field
	Consent      page.Tick
}

// VoiceRow is what somebody said.
type VoiceRow struct {
	Number    int
	Text, Who page.Field
	Consent   page.Tick
	Empty     bool
}

// Lack is something that publishing still needs, with its place.
type Lack struct{ Text, Href string }

func (p *Pages) builder(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	u, err := p.Press.UsageOf(r.Context(), m.Report, false)
	if err != nil {
		return err
	}
	built, err := buildBuilder(m, u, values, problems)
	if err != nil {
		return err
	}
	built.Console = m.frame(r, "報告を書く："+u.Plan.Title)
	built.NeedsFix = built.Problems.Some()
	return p.Renderer.Render(w, status, built)
}

func buildBuilder(m matter, u reports.Usage, values url.Values, problems map[string]string) (BuilderPage, error) {
	form := page.NewForm(values, problems)
	b := BuilderPage{Heading: u.Plan.Title, Tag: page.Tag{Kind: page.TagDraft, Text: "下書き"}, When: "まだ、だれにも見えません",
		Action: m.at(), Seen: mark(m.Report), Head: m.May(head...)}
	if m.correcting() {
		b.Tag.Text, b.When = "訂正版の下書き", "公表するまで、いまの版が読まれます"
		b.Old = page.Link{Href: "/r/" + m.Editions[0].Number, Text: fmt.Sprintf("いまの版（第%d版）を読む", m.Editions[0].Version)}
		changes := form.Field(area("changes", "何を、なぜ直したか", "例：「会場・冷房」を36,000円から33,000円に直しました。返金を入れ忘れていました。おわびします。", 4))
		b.Changes = &changes
	}
	if !m.correcting() && len(m.Editions) > 0 {
		b.Tag.Text = fmt.Sprintf("第%d回の報告の下書き", u.Turn)
		b.Old = page.Link{Href: m.at("published"), Text: "前の報告と、訂正・届いた先を見る"}
	}
	people := u.Figures.Progress.People
	b.People = page.People{Persons: people.Persons, Households: people.Households, Companies: people.Companies, Nameless: people.Nameless}
	b.Total, b.Warnings = edition.Bar(u.TotalBar()), u.Warnings()
	var err error
	if b.Money, err = edition.Render(document.Document{Blocks: u.Money()}); err != nil {
		return b, err
	}
	for i, use := range u.Figures.Progress.Uses {
		b.Uses = append(b.Uses, useRow(form, u, i, reports.NeedsReason(use)))
	}
	b.Did = []page.Field{
		form.Field(area("did", "したこと", "だれに、何を、どれだけしたかを書きます。", 6)),
		form.Field(page.Field{Name: "sessions", Label: "回数", Aside: optional, InputMode: "numeric"}),
		form.Field(page.Field{Name: "visits", Label: "のべ人数", Aside: optional, InputMode: "numeric", Hint: "同じ人が3回来たら、3人と数えます。"}),
	}
	b.Photos = photoRows(form, u, values)
	b.More = len(b.Photos) < reports.MaxPhotos
	b.Upload = form.Field(page.Field{Name: "photos", Label: "写真を足す", Aside: "1枚20MBまで・何枚でも", Type: "file", Accept: "image/jpeg,image/png,image/webp",
		Hint: "場所や機種の情報は消して残します。選んだら、下のボタンで残してください。"})
	b.Voices = voiceRows(form, values)
	b.Wrong = form.Field(area("wrong", "うまくいかなかったこと", "なければ「ありません」と書けます。来年どうするかも書くと、次に役立ちます。", 4))
	b.Rest = []page.Field{
		form.Field(area("rest", "残りをどうするか", "例：来年の夏の食材費に使います。使ったら、また報告します。", 3)),
		form.Field(page.Field{Name: "rest_by", Label: "いつまでに使うか", Aside: "残りがあるときは、いります", Type: "date", Hint: "この日が、次の報告の日になります。すぎると「報告待ち」と出ます。"}),
	}
	if u.Figures.GoesOn { // what is left goes on into the next year of the standing call
		b.Rest = b.Rest[:1]
	}
	b.Thanks = form.Field(area("thanks", "お礼のことば", "", 3))
	b.Thanks.Aside = optional
	b.Audit = []page.Field{
		form.Field(page.Field{Name: "auditor", Label: "確かめた人の名前", Aside: optional, Hint: "通帳・レシート・帳簿を見くらべた監事などの名前です。報告に出ます。", MostRunes: reports.MaxName}),
		form.Field(page.Field{Name: "audited_on", Label: "確かめた日", Aside: optional, Type: "date"}),
	}
	b.Problems = form.Problems()
	b.Ready = lacks(u, "")
	b.Papers = []page.Document{
		{Link: page.Link{Href: m.at("preview"), Text: "ページの姿で見る"}, Note: "前に残したところまで"},
		{Link: page.Link{Href: m.at("draft.pdf"), Text: "紙の姿で見る（PDF）"}, Note: "「下書き」と入ります"},
		{Link: page.Link{Href: m.at("draft-a4.pdf"), Text: "大きな字の1枚の姿で見る（PDF）"}, Note: "入らない文は、区切りのよいところまで"},
	}
	return b, nil
}

const optional = "書かなくてもよい"

func area(name, label, hint string, rows int) page.Field {
	return page.Field{Name: name, Label: label, Hint: hint, Rows: rows, MostRunes: reports.MaxText}
}

func useRow(form *page.Form, u reports.Usage, i int, needed bool) UseRow {
	use := u.Figures.Progress.Uses[i]
	bar := u.UseBar(i)
	bar.Why = ""
	field := page.Field{Name: reports.ReasonField(use.UseID), Label: "「" + use.Name + "」がちがった理由", Rows: 2, MostRunes: reports.MaxReason,
		Hint: "例：1回の参加が、予定の34人から41人にふえました。"}
	if !needed {
		field.Label, field.Aside, field.Hint = "「"+use.Name+"」について", optional, ""
	}
	return UseRow{Bar: edition.Bar(bar), Reason: form.Field(field), Needed: needed}
}

func photoRows(form *page.Form, u reports.Usage, values url.Values) []PhotoRow {
	var rows []PhotoRow
	for i := range reports.MaxPhotos {
		field := func(part string) string { return reports.PhotoField(i+1, part) }
		hash := values.Get(field("hash"))
		if hash == "" {
			break
		}
		rows = append(rows, PhotoRow{Number: i + 1, Hash: hash, HashField: field("hash"), Source: u.PhotoSource(hash),
			Alt: form.Field(page.Field{Name: field("alt"), Label: "何が写っているか", MostRunes: reports.MaxCaption,
				Hint: "見られない人に読み上げます。例：集会所の長机で、子どもと大人がカレーを食べている。"}),
			Caption: form.Field(page.Field{Name: field("caption"), Label: "写真の下の文", Aside: optional, MostRunes: reports.MaxCaption}),
			Consent: form.Tick(page.Tick{Name: field("consent"), Label: "写っている人（子どもは保護者）みなに、のせてよいと確かめました",
				Note: "しるしを付けるまで、報告には出ません。だれかわかる人がいなければ、そのまま付けてください。"}),
		})
	}
	return rows
}

// voiceRows are the voices there are, and an empty one to write the next.
func voiceRows(form *page.Form, values url.Values) []VoiceRow {
	var rows []VoiceRow
	for i := range reports.MaxVoices {
		field := func(part string) string { return reports.VoiceField(i+1, part) }
		empty := values.Get(field("text")) == "" && values.Get(field("who")) == ""
		rows = append(rows, VoiceRow{Number: i + 1, Empty: empty,
			Text: form.Field(page.Field{Name: field("text"), Label: "ことば", Aside: optional, Rows: 2, MostRunes: reports.MaxReason}),
			Who:  form.Field(page.Field{Name: field("who"), Label: "だれのことばか", Aside: optional, Hint: "名前は書きません。例：70代の参加者", MostRunes: reports.MaxName}),
			Consent: form.Tick(page.Tick{Name: field("consent"), Label: "本人（子どもは保護者）に、のせてよいと確かめました",
				Note: "しるしを付けるまで、報告には出ません。"}),
		})
		if empty {
			break
		}
	}
	return rows
}

// lacks says in plain words what is missing for publishing, in the order of the page, each with its place on the page at the path.
func lacks(u reports.Usage, at string) []Lack {
	missing := u.Content.Missing(u.Figures, u.Version > 1)
	var list []Lack
	need := func(field, about string) {
		if key, is := missing[field]; is {
			list = append(list, Lack{Text: about + locale.Japanese.T(key), Href: at + "#" + field})
		}
	}
	need("changes", "")
	for _, use := range u.Figures.Progress.Uses {
		need(reports.ReasonField(use.UseID), "「"+use.Name+"」：")
	}
	need("did", "")
	for i := range u.Content.Photos {
		for _, part := range []string{"alt", "consent"} {
			need(reports.PhotoField(i+1, part), fmt.Sprintf("写真%d：", i+1))
		}
	}
	for i := range u.Content.Voices {
		for _, part := range []string{"text", "consent"} {
			need(reports.VoiceField(i+1, part), fmt.Sprintf("声%d：", i+1))
		}
	}
	for _, field := range []string{"wrong", "rest", "rest_by", "auditor", "audited_on"} {
		need(field, "")
	}
	return list
}
