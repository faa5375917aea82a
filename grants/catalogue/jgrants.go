package catalogue

import (
	"encoding/json"
	"strings"
	"time"

	"golang.org/x/net/html"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// subsidy is one call as the public interface of Jグランツ answers it (exp/v1/public, list and detail).
type subsidy struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Funder     string `json:"institution_name"`
	Catch      string `json:"subsidy_catch_phrase"`
	Detail     string `json:"detail"` // HTML
	Purpose    string `json:"use_purpose"`
	Area       string `json:"target_area_search"`
	Rate       string `json:"subsidy_rate"`
	Most       *int64 `json:"subsidy_max_limit"`
	Opens      string `json:"acceptance_start_datetime"`
	Closes     string `json:"acceptance_end_datetime"`
	URL        string `json:"front_subsidy_detail_page_url"`
	Accepting  any    `json:"request_reception_presence"`
	Guidelines any    `json:"application_guidelines"`
}

// ReadJgrants reads rounds from a saved answer of the Jグランツ interface: one call, a list of them, or an answer with its result. ErrFile when it is none of these. A
// call that makes no sense comes with what is wrong with it.
func ReadJgrants(file []byte) ([]Row, error) {
	if len(file) > mostBytes {
		return nil, ErrFile
	}
	var answer struct {
		Result []subsidy `json:"result"`
	}
	calls := []subsidy{}
	switch {
	case json.Unmarshal(file, &answer) == nil && len(answer.Result) > 0:
		calls = answer.Result
	case json.Unmarshal(file, &calls) == nil && len(calls) > 0:
	default:
		return nil, ErrFile
	}
	if len(calls) > mostRows {
		return nil, ErrFile
	}
	rows := make([]Row, len(calls))
	for i, s := range calls {
		rows[i] = s.row(i + 1)
	}
	return rows, nil
}

func (s subsidy) row(line int) Row {
	row := Row{Line: line, Bad: ledger.Invalid{}}
	call := Call{Title: clip(s.Title, 120), Summary: clip(strings.TrimSpace(s.Catch+"\n"+plain(s.Detail)+s.rate()), 4_000), Purposes: split(s.Purpose), Areas: split(s.Area)}
	if strings.HasPrefix(s.URL, "https://") {
		call.SourceURL = s.URL
	}
	if s.Most != nil {
		call.Most = ledger.Yen(*s.Most)
	}
	row.moment(Deadline{Kind: Opening}, s.Opens, &call)
	row.moment(Deadline{Kind: Closing, Rule: "時刻"}, s.Closes, &call)
	o := Opportunity{Funder: clip(s.Funder, 100), Programme: clip(s.Title, 120), Status: Announced, Source: Jgrants, SourceID: s.ID, Call: call}
	if o.Funder == "" {
		o.Funder = "(Jグランツ)"
	}
	if s.ID == "" {
		row.Bad["source_id"] = "call.source_id"
	}
	if closes := call.On(Closing); !closes.IsZero() {
		o.FiscalYear = fiscalYear(closes)
	} else {
		row.Bad["deadlines"] = "call.deadline_without_day"
	}
	row.Round = o
	return row
}

// rate is the rate in the words of the call: it is text there, and becomes a formula by hand.
func (s subsidy) rate() string {
	if s.Rate == "" {
		return ""
	}
	return "\n補助率：" + s.Rate
}

// moment reads an instant as the interface writes it and keeps its day and time in Tokyo.
func (r *Row) moment(d Deadline, text string, call *Call) {
	if text == "" {
		return
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.Bad["deadlines"] = "call.deadline"
		return
	}
	d.On, d.Time = ledger.DateOf(at), at.In(ledger.Tokyo).Format("15:04")
	call.Deadlines = append(call.Deadlines, d)
}

// fiscalYear is the year, beginning in April, in which a day lies.
func fiscalYear(d ledger.Date) int {
	if d.Month() < time.April {
		return d.Year() - 1
	}
	return d.Year()
}

// plain is the text of HTML, a line for each block. What stands in scripts and styles is no text.
func plain(text string) string {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(text))
	skip := false
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == '\n' }), "\n")
		case html.TextToken:
			if !skip {
				b.WriteString(strings.TrimSpace(string(tokens.Text())))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := tokens.TagName()
			switch string(name) {
			case "script", "style":
				skip = kind == html.StartTagToken
			case "p", "br", "li", "div", "tr", "h1", "h2", "h3", "h4":
				b.WriteByte('\n')
			}
		}
	}
}

// clip cuts a text to so many characters.
func clip(text string, most int) string {
	runes := []rune(strings.TrimSpace(text))
	return string(runes[:min(len(runes), most)])
}
