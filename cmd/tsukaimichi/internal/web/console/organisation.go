package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// EditOrganisation asks for what is said of the organisation.
func (p *Pages) EditOrganisation(w http.ResponseWriter, r *http.Request) error {
	return p.organisationForm(w, r, http.StatusOK, typed{Values: organisationValues(desk(r).Organisation)}, nil)
}

func organisationValues(o ledger.Organisation) url.Values {
	disclosed := "no"
	if o.AddressDisclosed {
		disclosed = "yes"
	}
	return url.Values{
		"name": {o.Name}, "kana": {o.Kana}, "kind": {o.Kind}, "purpose": {o.Purpose}, "representative": {o.Representative}, "postal_code": {o.PostalCode},
		"address": {o.Address}, "disclosed": {disclosed}, "phone": {o.Phone}, "phone_hours": {o.PhoneHours}, "mail": {o.Mail},
		"bank_account": {o.BankAccount}, "hand_in": {o.HandIn}, "certified_number": {o.CertifiedNumber}, "certified_from": {o.CertifiedFrom.String()},
		"certified_until": {o.CertifiedUntil.String()}, "fiscal_month": {strconv.Itoa(o.FiscalMonth)},
	}
}

// SaveOrganisation changes what is said of the organisation.
func (p *Pages) SaveOrganisation(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	o := readOrganisation(d.Organisation, t)
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if len(t.bad) > 0 {
			return nil // nothing the database would have to refuse
		}
		if err := alone(r.Context(), tx, o.ID, "organisation"); err != nil {
			return err
		}
		now, err := ledger.FindOrganisation(r.Context(), tx, o.ID)
		if err != nil {
			return err
		}
		stands := markOf(organisationValues(now))
		if t.Has("seen") && t.Get("seen") != stands && markOf(organisationValues(o)) != stands { // pressed twice it is no other's
			return ledger.Invalid{"": "console.written_meanwhile"}
		}
		if err := ledger.UpdateOrganisation(r.Context(), tx, o); err != nil {
			return err
		}
		return ledger.Note(r.Context(), tx, o.ID, "organisation", o.ID, "changed", d.By(), d.Now, "")
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.organisationForm(w, r, http.StatusUnprocessableEntity, t, problems)
	}
	return redirect(w, r, d.Path("settings"), "organisation_saved")
}

// longest are the most characters of each text of an organisation.
var longest = map[string]int{"name": 100, "kana": 200, "purpose": 1000, "representative": 100, "postal_code": 10, "address": 300, "phone": 40,
	"phone_hours": 100, "mail": 200, "bank_account": 300, "hand_in": 500, "certified_number": 100}

func readOrganisation(o ledger.Organisation, t typed) ledger.Organisation {
	for name, most := range longest {
		t.bad.Need(len([]rune(t.text(name))) <= most, name, "field.too_long")
	}
	o.Name, o.Kana, o.Kind, o.Purpose, o.Representative = t.text("name"), t.text("kana"), t.Get("kind"), t.text("purpose"), t.text("representative")
	o.PostalCode, o.Address, o.AddressDisclosed = t.text("postal_code"), t.text("address"), t.Get("disclosed") != "no"
	o.Phone, o.PhoneHours, o.Mail = t.text("phone"), t.text("phone_hours"), t.text("mail")
	o.BankAccount, o.HandIn = t.text("bank_account"), t.text("hand_in")
	o.CertifiedNumber, o.CertifiedFrom, o.CertifiedUntil = t.text("certified_number"), t.day("certified_from"), t.day("certified_until")
	o.FiscalMonth = int(t.id("fiscal_month"))
	t.bad.Need(o.Name != "", "name", "console.name_missing")
	t.bad.Need(slices.ContainsFunc(organisationKinds, func(k page.Option) bool { return k.Value == o.Kind }), "kind", "field.unknown")
	t.bad.Need(o.FiscalMonth >= 1 && o.FiscalMonth <= 12, "fiscal_month", "field.unknown")
	t.bad.Need(o.Mail == "" || campaigns.MailFits(o.Mail), "mail", "console.mail_shape")
	if o.CertifiedNumber == "" {
		o.CertifiedFrom, o.CertifiedUntil = ledger.Date{}, ledger.Date{}
	} else {
		t.bad.Need(!o.CertifiedFrom.IsZero(), "certified_from", "console.certified_incomplete")
		t.bad.Need(!o.CertifiedUntil.IsZero() && !o.CertifiedUntil.Before(o.CertifiedFrom), "certified_until", "console.certified_incomplete")
	}
	return o
}

func (p *Pages) organisationForm(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	form := buildOrganisationForm(d, t, problems)
	form.Console = d.Frame(r, form.Heading, page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

func buildOrganisationForm(d Desk, t typed, problems map[string]string) FormPage {
	b := builder{form: page.NewForm(t.Values, problems)}
	var months []page.Option
	for m := 1; m <= 12; m++ {
		months = append(months, page.Option{Value: strconv.Itoa(m), Text: strconv.Itoa(m) + "月"})
	}
	form := FormPage{Heading: "団体のこと", Lead: "募金のページの「だれが集めるのか」に出ます。お金をいただくために、法律で示すことが決まっているものがあります。",
		Action: d.Path("settings", "organisation"), Hidden: []Hidden{{"seen", markOf(organisationValues(d.Organisation))}}, Button: "この内容で残す"}
	form.Steps = []FormStep{
		{Legend: "団体の名前", Items: []Item{b.field(page.Field{Name: "name", Label: "団体の名前", Required: true}), b.field(page.Field{Name: "kana", Label: "ふりがな", Aside: optional}),
			b.field(page.Field{Name: "kind", Label: "種類", Options: organisationKinds}), b.field(page.Field{Name: "purpose", Label: "目的", Aside: optional, Rows: 3, MostRunes: 1000})}},
		{Legend: "責任を持つ人と連絡先", Hint: "募金を公表するときに、みないります。電話かメールは、どちらかでかまいません。", Items: []Item{
			b.field(page.Field{Name: "representative", Label: "代表の名前"}), b.field(page.Field{Name: "postal_code", Label: "郵便番号"}),
			b.field(page.Field{Name: "address", Label: "住所", Rows: 2}),
			b.choices(page.Choices{Name: "disclosed", Label: "住所の出し方", Legend: true, Options: []page.Option{{Value: "yes", Text: "公表する"},
				{Value: "no", Text: "公表しない", Note: "個人の家のとき。「請求があれば、すぐにお知らせします」と出ます"}}}),
			b.field(page.Field{Name: "phone", Label: "電話", Type: "tel"}), b.field(page.Field{Name: "phone_hours", Label: "電話に出られる時間", Aside: optional, Hint: "例：火曜 10時〜15時"}),
			b.field(page.Field{Name: "mail", Label: "メール", Type: "email"})}},
		{Legend: "寄付の受け取り方", Items: []Item{
			b.field(page.Field{Name: "bank_account", Label: "振込先", Aside: optional, Rows: 3, Hint: "そのまま募金のページに出ます。"}),
			b.field(page.Field{Name: "hand_in", Label: "持って来られる所と時間", Aside: optional, Rows: 3})}},
		{Legend: "認定NPO法人のとき", Hint: "認定を受けていなければ、空けておきます。書くと、領収書に税のことが出ます。", Items: []Item{
			b.field(page.Field{Name: "certified_number", Label: "認定の番号", Aside: optional}), b.field(page.Field{Name: "certified_from", Label: "認定の始まり", Aside: optional, Type: "date"}),
			b.field(page.Field{Name: "certified_until", Label: "認定の終わり", Aside: optional, Type: "date"})}},
		{Legend: "会計年度", Items: []Item{b.field(page.Field{Name: "fiscal_month", Label: "何月から始まるか", Options: months})}},
	}
	form.Problems = b.form.Problems()
	return form
}
