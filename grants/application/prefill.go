package application

import (
	"slices"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// Known are texts by common key, from one source: the profile, the worksheet, the book.
type Known struct {
	Source string // a text key: prefill.profile
	Texts  map[string]string
}

// Offer is a text that could be taken into a field.
type Offer struct {
	Source string
	Text   string
	Over   int // characters above the field's limit; 0 when it fits
}

// Prefill answers the fields of a form that nobody has answered from what is known, the first source that has the key. A text that is too long for its field is
// not taken but stays an Offer: cutting is for people. It returns the answers with those added, and which fields were filled from where.
func Prefill(form template.Version, answers template.Answers, known []Known) (template.Answers, map[string]string) {
	filled := template.Answers{}
	from := map[string]string{}
	for key, a := range answers {
		filled[key] = a
	}
	for _, f := range form.Fields() {
		if f.CommonKey == "" || !textual(f.Type) || !filled[f.Key].Empty() {
			continue
		}
		for _, o := range Offers(f, known) {
			if o.Over == 0 {
				filled[f.Key] = template.Answer{Text: o.Text}
				from[f.Key] = o.Source
				break
			}
		}
	}
	return filled, from
}

// Offers are all texts known under the field's common key.
func Offers(f template.Field, known []Known) []Offer {
	var offers []Offer
	for _, k := range known {
		text := k.Texts[f.CommonKey]
		if f.CommonKey == "" || text == "" {
			continue
		}
		o := Offer{Source: k.Source, Text: text}
		if f.Limit != nil {
			o.Over = over(*f.Limit, text)
		}
		offers = append(offers, o)
	}
	return offers
}

func over(l limit.Limit, text string) int { return max(0, -l.Count(text).Left) }

// textual reports whether a known text can answer a field of the type.
func textual(t template.Type) bool {
	return slices.Contains([]template.Type{template.Text, template.LongText, template.Number, template.Yen, template.Date, template.WarekiDate, template.Person,
		template.Address, template.Phone, template.Mail, template.URL}, t)
}

// Disagreement is a common key that two drafts of one plan answer differently: the same headcount must be the same everywhere.
type Disagreement struct {
	Key    string
	Field  string
	Here   string
	There  string
	InOf   int64 // the other application
	InText string
}

// Disagreements compares a draft with another of the same plan by common key. Only short answers are compared, figures and names: the words of longer ones are
// made to fit their form.
func Disagreements(form template.Version, answers template.Answers, other Draft, otherForm template.Version) []Disagreement {
	theirs := map[string]string{}
	for _, f := range otherForm.Fields() {
		if short(f.Type) && f.CommonKey != "" && !other.Answers[f.Key].Empty() {
			theirs[f.CommonKey] = other.Answers[f.Key].Text
		}
	}
	var all []Disagreement
	for _, f := range form.Fields() {
		there, both := theirs[f.CommonKey]
		if here := answers[f.Key].Text; both && short(f.Type) && here != "" && here != there {
			all = append(all, Disagreement{Key: f.CommonKey, Field: f.Key, Here: here, There: there, InOf: other.ID, InText: other.Title})
		}
	}
	return all
}

func short(t template.Type) bool { return t != template.LongText && textual(t) }
