package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// deskOf is one person at the desk of an organisation.
type deskOf struct {
	*practising
	client *http.Client
	home   string
}

// seat signs a person with a role in, who then follows redirects.
func (p *practising) seat(organisation int64, slug string, role ledger.Role) deskOf {
	p.t.Helper()
	client := p.member(organisation, role)
	client.CheckRedirect = nil
	return deskOf{p, client, "/desk/" + slug}
}

func (d deskOf) see(path string) string {
	d.t.Helper()
	return d.answer(d.client.Get(d.practising.at + d.home + path))
}

// send sends a form and returns the page it leads to and its path.
func (d deskOf) send(path string, form url.Values) (page, at string) {
	d.t.Helper()
	response, err := d.client.PostForm(d.practising.at+d.home+path, form)
	page = d.answer(response, err)
	return page, strings.TrimPrefix(response.Request.URL.Path, d.home)
}

// bytes returns what is at a path, which has to be there.
func (d deskOf) bytes(path string) []byte { return []byte(d.see(path)) }

func (d deskOf) upload(path, name string, content []byte) string {
	d.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := d.client.Post(d.practising.at+d.home+path, w.FormDataContentType(), &body)
	return d.answer(response, err)
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)">`)

// hidden are the hidden fields of the form that posts to a path.
func (d deskOf) hidden(page, path string) url.Values {
	d.t.Helper()
	_, form, found := strings.Cut(page, `action="`+d.home+path+`"`)
	if !found {
		d.t.Fatalf("no form that posts to %s: %s", path, text(page))
	}
	form, _, _ = strings.Cut(form, "</form>")
	values := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(form, -1) {
		values.Set(m[1], strings.NewReplacer("&#34;", `"`, "&quot;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#39;", "'", "&#43;", "+").Replace(m[2]))
	}
	return values
}

// write fills in a page that has a form posting to itself.
func (d deskOf) write(path string, answers url.Values) string {
	d.t.Helper()
	form := d.hidden(d.see(path), path)
	for name, values := range answers {
		form[name] = values
	}
	page, _ := d.send(path, form)
	return page
}

func (d deskOf) says(page string, wants ...string) {
	d.t.Helper()
	for _, want := range wants {
		if !strings.Contains(text(page), want) {
			d.t.Errorf("the page does not say %q: %s", want, text(page))
		}
	}
}

func (d deskOf) silent(page string, unwanted ...string) {
	d.t.Helper()
	for _, word := range unwanted {
		if strings.Contains(text(page), word) {
			d.t.Errorf("the page says %q", word)
		}
	}
}

// From a need to a finished application: worksheet, fit, draft, budget, sign-off, and the funder's own forms, each opened again.
func TestANeedBecomesAFinishedApplication(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	f := p.found("hoshino")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p.client.Jar = jar
	coordinator, treasurer, head := p.seat(f.organisation, "hoshino", ledger.Coordinator), p.seat(f.organisation, "hoshino", ledger.Treasurer), p.seat(f.organisation, "hoshino", ledger.Representative)

	sheet := coordinator.worksheet()
	call := coordinator.enterCall()
	page := coordinator.see(call + "?plan=" + sheet)
	coordinator.says(page, "要確認", "「構成員5人以上の団体」", "合う度合い")
	page, _ = coordinator.send(call+"/answer", url.Values{"key": {"members"}, "value": {"12人"}, "plan": {sheet}})
	coordinator.says(page, "申請できる", "会員・構成員の人数：12")
	coordinator.says(coordinator.see("/grants/together?plan="+sheet), "助成でまかなえる額 157,000円", "ほかで用意する額 53,000円")

	at := coordinator.begin("t3_community_chest", sheet, strings.TrimPrefix(call, "/grants/"))
	coordinator.answerChest(at)
	page = coordinator.write(at+"/budget", url.Values{
		"cost_category": {"lecturer", "goods"}, "cost_item": {"講師謝金", "備品"}, "cost_price": {"10,000", "170,000"}, "cost_quantity": {"4", "1"}, "cost_quotes": {"", "2"},
	})
	coordinator.says(page, "総事業費 210,000円", "× 3/4 = 157,500円", "のうち少ないほう 157,000円", "団体の負担 53,000円")
	coordinator.signedOff(at, treasurer, head)
	coordinator.papersOpenAgain(at)
	head.handedIn(at)
	coordinator.giftsLowerTheOtherGrant(sheet)
}

func (d deskOf) worksheet() string {
	_, at := d.send("/plans", url.Values{"title": {"居場所を開く"}})
	form := d.hidden(d.see(at), at)
	for name, value := range map[string]string{"title": "居場所を開く", "voice": "さびしいと母が言う", "assessed": "ひとりで食べる高齢者の居場所がない", "name": "みんなのお茶の間", "content": "サロンを月2回開く"} {
		form.Set(name, value)
	}
	form["cost_what"], form["cost_quantity"], form["cost_unit"], form["cost_price"] = []string{"講師謝金", "備品"}, []string{"4", "1"}, []string{"回", "式"}, []string{"10000", "170000"}
	page, _ := d.send(at, form)
	d.says(page, "残しました。", "210,000円")
	if content := d.bytes(at + "/sheet.pdf"); !bytes.HasPrefix(content, []byte("%PDF")) {
		d.t.Error("the sheet does not print")
	}
	return strings.TrimPrefix(at, "/plans/")
}

// inDays is a day so many days from today; typed is one as people here write it.
func (d deskOf) inDays(n int) ledger.Date { return ledger.DateOf(d.practising.clock.Now()).AddDays(n) }

func typed(day ledger.Date) string {
	return fmt.Sprintf("%d年%d月%d日", day.Year(), day.Month(), day.Day())
}

func (d deskOf) enterCall() string {
	form := d.hidden(d.see("/grants/new"), "/grants/new")
	for name, value := range map[string]string{
		"funder": "練習市社会福祉協議会", "programme": "地域福祉活動支援", "fiscal_year": fmt.Sprint(d.inDays(-90).Year()), "title": "地域福祉活動支援事業助成", "status": "open", "summary": "居場所やサロンに助成します",
		"purposes": "居場所、サロン", "areas": "全国", "most": "300,000", "payment": "before", "closes_on": typed(d.inDays(64)), "manner": "必着", "template": "t3_community_chest",
	} {
		form.Set(name, value)
	}
	form["rule_quote"], form["rule_key"], form["rule_test"], form["rule_value"], form["rule_must"] = []string{"構成員5人以上の団体"}, []string{"members"}, []string{"at_least"}, []string{"5"}, []string{"must"}
	page, at := d.send("/grants/new", form)
	d.says(page, "募集を入れました。", "300,000円まで")
	return at
}

func (d deskOf) begin(form, sheet, call string) string {
	page, at := d.send("/applications", url.Values{"title": {"練習の申請"}, "form": {form}, "plan": {sheet}, "call": {call}, "due_on": {typed(d.inDays(64))}})
	d.says(page, "書き始めました。")
	return at
}

func (d deskOf) answerChest(at string) {
	d.t.Helper()
	page := d.see(at + "/write/plan")
	if !strings.Contains(page, "みんなのお茶の間") || strings.Contains(page, "さびしいと母が言う") {
		d.t.Error("the worksheet does not fill the draft, or a voice went along")
	}
	for section, answers := range map[string]url.Values{
		"plan": {"a_name": {"みんなのお茶の間"}, "a_kind": {"新規"}, "a_issue": {"ひとりで食べる高齢者の居場所がない"}, "a_content": {"サロンを月2回開く"}, "a_period_from": {typed(d.inDays(5))}, "a_period_until": {typed(d.inDays(125))},
			"a_target": {"20"}, "a_helpers": {"8"}, "a_effect": {"行く場所ができる"}, "a_campaign": {"街頭に立つ"}},
		"head": {"a_org_name": {"【練習】ほしの食堂"}, "a_rep": {"練習 代表"}, "a_address": {"練習県練習市1-1"}, "a_phone": {"0000-00-0000"}, "a_founded": {"2015年4月1日"}, "a_members": {"12"},
			"a_org_purpose": {"住民の支え合い"}, "a_contact": {"練習 会計"}},
		"money": {"a_pay": {"概算（先に受け取る）"}}, "oath": {"a_public": {"はい"}, "a_oath": {"yes"}},
	} {
		d.says(d.write(at+"/write/"+section, answers), "残しました。")
	}
	long := d.write(at+"/write/plan", url.Values{"a_name": {"みんなのお茶の間"}, "a_kind": {"新規"}, "a_issue": {strings.Repeat("字", 401)}, "a_content": {"x"}, "a_period_from": {d.inDays(5).String()}, "a_period_until": {d.inDays(125).String()},
		"a_target": {"20"}, "a_helpers": {"8"}, "a_effect": {"x"}, "a_campaign": {"x"}})
	d.says(long, "1字多すぎます")
	d.says(d.see(at), "解決したい地域課題：1字多すぎます。")
	d.write(at+"/write/plan", url.Values{"a_name": {"みんなのお茶の間"}, "a_kind": {"新規"}, "a_issue": {"ひとりで食べる高齢者の居場所がない"}, "a_content": {"サロンを月2回開く"}, "a_period_from": {d.inDays(5).String()},
		"a_period_until": {d.inDays(125).String()}, "a_target": {"20"}, "a_helpers": {"8"}, "a_effect": {"行く場所ができる"}, "a_campaign": {"街頭に立つ"}})
}

// signedOff goes through the sign-off once in vain, because somebody edits, and once to its end.
func (d deskOf) signedOff(at string, treasurer, head deskOf) {
	d.t.Helper()
	sign := func(by deskOf) string {
		form := by.hidden(by.see(at), at+"/sign")
		form.Set("do", "approve")
		page, _ := by.send(at+"/sign", form)
		return page
	}
	d.send(at+"/give", url.Values{})
	sign(treasurer)
	d.write(at+"/write/money", url.Values{"a_pay": {"精算（あとで受け取る）"}})
	d.says(d.see(at), "（いまの内容の前の版）", "団体の確認へまわす")
	d.send(at+"/give", url.Values{})
	sign(treasurer)
	if status, _, _ := d.sends(d.client, d.home+at+"/sign", url.Values{"hash": {"00"}}); status != http.StatusForbidden {
		d.t.Errorf("a coordinator signs: %d", status)
	}
	d.says(sign(head), "承認ずみ")
}

// papersOpenAgain prints, and fills a Word and an Excel form of the funder's; each is opened again and compared.
func (d deskOf) papersOpenAgain(at string) {
	d.t.Helper()
	if paper := d.bytes(at + "/application.pdf"); !bytes.HasPrefix(paper, []byte("%PDF")) {
		d.t.Error("the application does not print")
	}
	word := zipOf(d.t, map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>事業名 {{proj</w:t></w:r><w:r><w:t>ect.name}} {{budget.requested}}円</w:t></w:r></w:p></w:body></w:document>`})
	d.says(d.upload(at+"/form", "様式.docx", word), "様式を入れました。")
	if filled := partOf(d.t, d.bytes(at+"/form/filled"), "word/document.xml"); !strings.Contains(text(filled), "みんなのお茶の間") || !strings.Contains(text(filled), "157,000円") {
		d.t.Errorf("the filled Word form says %q", text(filled))
	}
	excel := excelize.NewFile()
	for _, err := range []error{excel.SetSheetName("Sheet1", "様式"), excel.SetCellStr("様式", "A1", "申請額"), excel.SetCellInt("様式", "B2", 1_000), excel.SetCellFormula("様式", "B3", "B1+B2")} {
		if err != nil {
			d.t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := excel.Write(&out); err != nil {
		d.t.Fatal(err)
	}
	d.says(d.upload(at+"/form", "様式.xlsx", out.Bytes()), "様式を入れました。")
	mapped, _ := d.send(at+"/form/map", url.Values{"map_budget.requested": {"様式!B1"}, "map_name": {"様式!A1"}})
	d.says(mapped, "写す場所を残しました。")
	filled, err := excelize.OpenReader(bytes.NewReader(d.bytes(at + "/form/filled")))
	if err != nil {
		d.t.Fatal(err)
	}
	sum, err := filled.CalcCellValue("様式", "B3")
	name, _ := filled.GetCellValue("様式", "A1")
	if err != nil || sum != "158000" || name != "みんなのお茶の間" {
		d.t.Errorf("the filled Excel form sums to %q of %q, %v; want 158000", sum, name, err)
	}
	if names := namesOf(d.t, d.bytes(at+"/bundle.zip")); len(names) != 4 || names[3] != "manifest.json" {
		d.t.Errorf("the bundle holds %v", names)
	}
}

func (d deskOf) handedIn(at string) {
	d.t.Helper()
	form := d.hidden(d.see(at), at+"/submit")
	form.Set("manner", "郵送")
	form.Set("number", "1234-5678-9012")
	form.Set("submitted_on", ledger.DateOf(d.clock.Now()).String())
	page, _ := d.send(at+"/submit", form)
	d.says(page, "出したことを記録しました。", "番号 1234-5678-9012", "ファイル3")
	page, _ = d.send(at+"/outcome", url.Values{"status": {"part_granted"}, "amount": {"100,000"}, "decided_on": {d.inDays(86).String()}, "why": {"予算の都合"}, "lesson": {"見積りを二社から"}})
	d.says(page, "一部採択", "100,000円", "見積りを二社から")
}

// giftsLowerTheOtherGrant drafts T5, in which donations lower the claim.
func (d deskOf) giftsLowerTheOtherGrant(sheet string) {
	d.t.Helper()
	at := d.begin("t5_support_system", sheet, "")
	d.write(at+"/budget", url.Values{"cost_category": {"pay", "food"}, "cost_item": {"賃金", "茶菓"}, "cost_price": {"2,300,000", "200,000"}, "cost_quantity": {"1", "1"}, "in_source": {"fee"}, "in_item": {""}, "in_amount": {""}})
	d.says(d.see(at+"/budget"), "求められる額 2,000,000円", "飲食の費用は対象になりません")
	d.says(d.see(at+"/budget?gifts=700000"), "寄付が700,000円ふえると、求められる額は200,000円へり、1,800,000円になります。")
}

func zipOf(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range parts {
		part, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(part, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func partOf(t testing.TB, file []byte, name string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func namesOf(t testing.TB, file []byte) []string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, part := range r.File {
		names = append(names, part.Name)
	}
	return names
}
