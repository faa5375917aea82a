package planning

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

// ProfilePage is what forms ask every group, and the papers they ask for.
type ProfilePage struct {
	page.Console
	Action   string // empty: to read
	Fields   []page.Field
	Seen     []Seen
	Read     []page.Pair
	Stale    []string // what is to be said again
	Papers   []page.ListRow
	Empty    page.Empty
	Upload   Upload
	Problems page.Problems
}

// Template names the template of the page.
func (ProfilePage) Template() string { return "planning/profile" }

// Seen goes along with the answer to one question: which answer stood there when the form was sent out.
type Seen struct{ Name, Mark string }

// Upload is the form that adds a paper.
type Upload struct {
	Open   bool // something is wrong with it
	Action string
	Fields []page.Field
}

// Profile shows the group's profile.
func (p *Pages) Profile(w http.ResponseWriter, r *http.Request) error {
	return p.profile(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) profile(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	facts, err := profile.Facts(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	papers, err := profile.Papers(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	shown := buildProfile(d, facts, papers, values, problems)
	shown.Console = frame(d, r, "団体のプロフィール", page.Link{Href: d.Path("plans"), Text: "計画のシート"})
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func buildProfile(d console.Desk, facts map[string]profile.Fact, papers []profile.Paper, values url.Values, problems map[string]string) ProfilePage {
	shown := ProfilePage{Empty: page.Empty{Text: "まだ書類はありません。規約や決算書を入れておくと、申請のたびに探さずにすみます。"}}
	known := factValues(facts)
	typed := maps.Clone(known)
	maps.Copy(typed, values)
	form := page.NewForm(typed, problems)
	for _, key := range profile.Keys {
		fact, there := facts[key.Key]
		if there && fact.Stale(d.Today()) {
			shown.Stale = append(shown.Stale, key.Label)
		}
		if d.May(writers...) {
			field := factField(key, fact, there, d.Today())
			if there && problems[field.Name] != "" {
				field.Hint = fmt.Sprintf("いま残っている答え：%.300s（%s）", factText(fact.Value), field.Hint)
			}
			shown.Fields = append(shown.Fields, form.Field(field))
			shown.Seen = append(shown.Seen, Seen{"seen_" + key.Key, markOf(known.Get(field.Name))})
		} else if there && key.Use != profile.Persons {
			shown.Read = append(shown.Read, page.Pair{Term: key.Label, Text: factText(fact.Value)})
		}
	}
	for _, paper := range papers {
		shown.Papers = append(shown.Papers, paperRow(d, paper))
	}
	if d.May(writers...) {
		shown.Action = d.Path("profile")
		shown.Upload = Upload{Action: d.Path("profile", "papers"), Fields: uploadFields(form)}
		for _, f := range shown.Upload.Fields {
			shown.Upload.Open = shown.Upload.Open || f.Problem != ""
		}
		shown.Problems = form.Problems()
	}
	return shown
}

// factField asks for one fact; its hint is when it was said.
func factField(key profile.Key, fact profile.Fact, known bool, today ledger.Date) page.Field {
	f := page.Field{Name: "fact_" + key.Key, ID: "fact-" + strings.ReplaceAll(key.Key, ".", "-"), Label: key.Label}
	switch {
	case known && fact.Stale(today):
		f.Hint = page.DayOnly(fact.SaidOn) + "の答えです。いまも同じなら、そのまま残すと新しくなります。"
	case known:
		f.Hint = page.DayOnly(fact.SaidOn) + "　" + fact.SaidBy
	}
	switch key.Kind {
	case profile.Number:
		f.InputMode = "numeric"
	case profile.YesNo:
		f.Options = []page.Option{{Value: "", Text: "まだ答えていません"}, {Value: "yes", Text: "はい"}, {Value: "no", Text: "いいえ"}}
	case profile.Words:
		f.Aside = "「、」で区切る"
	case profile.Day:
		f.Aside = "例：2015年4月1日"
	case profile.Text:
		if key.Key == "org.purpose" || key.Key == "org.story" || key.Key == "org.track_record" {
			f.Rows = 4
		}
	}
	return f
}

func factValues(facts map[string]profile.Fact) url.Values {
	values := url.Values{}
	for key, fact := range facts {
		values.Set("fact_"+key, factText(fact.Value))
		if fact.Value.Yes != nil {
			values.Set("fact_"+key, map[bool]string{true: "yes", false: "no"}[*fact.Value.Yes])
		}
	}
	return values
}

func factText(v profile.Value) string {
	switch {
	case v.Text != nil:
		return *v.Text
	case v.Number != nil:
		return strconv.FormatInt(*v.Number, 10)
	case v.Day != nil:
		return page.DayOnly(*v.Day)
	case v.Yes != nil:
		return map[bool]string{true: "はい", false: "いいえ"}[*v.Yes]
	}
	return strings.Join(v.Words, "、")
}

// markOf names an answer.
func markOf(answer string) string {
	sum := sha256.Sum256([]byte(answer))
	return hex.EncodeToString(sum[:8])
}

// SayFacts keeps each answer that differs from what is known, or is stale: it is true from today. An answer that somebody else gave since the form was sent out
// stays where this person wrote nothing, and is not written over unseen. One that is wrong keeps all others from being lost: nothing is kept
// until all are right, and everything typed stays.
func (p *Pages) SayFacts(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		facts, err := profile.Facts(r.Context(), tx, d.Organisation.ID, d.Today())
		if err != nil {
			return err
		}
		return p.sayAll(r.Context(), tx, d, r.PostForm, facts)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.profile(w, r, http.StatusUnprocessableEntity, r.PostForm, problems)
	}
	return redirect(w, r, d.Path("profile"), "profile_saved")
}

func (p *Pages) sayAll(ctx context.Context, tx *sqlx.Tx, d console.Desk, typed url.Values, facts map[string]profile.Fact) error {
	bad := ledger.Invalid{}
	for _, key := range profile.Keys {
		name := "fact_" + key.Key
		text := strings.TrimSpace(strings.ReplaceAll(typed.Get(name), "\r\n", "\n"))
		known, there := facts[key.Key]
		stands := factValues(map[string]profile.Fact{key.Key: known}).Get(name)
		if seen := typed.Get("seen_" + key.Key); seen != "" && seen != markOf(stands) && text != stands { // somebody else has answered meanwhile
			if seen != markOf(text) {
				bad[name] = "plan.fact_meanwhile"
			} else {
				typed.Set(name, stands)
			}
			continue
		}
		if (text == "" && !there) || (there && text == stands && !known.Stale(d.Today())) {
			continue
		}
		value, code := readFact(key.Kind, text)
		if text == "" {
			continue // what was said once stays until something else is said
		}
		if code != "" {
			bad[name] = code
			continue
		}
		if err := profile.Say(ctx, tx, d.Organisation.ID, profile.Fact{Key: key.Key, Value: value}, d.By(), d.Now); err != nil {
			if problems, is := err.(ledger.Invalid); is {
				bad[name] = problems[key.Key]
				continue
			}
			return err
		}
	}
	return bad.Err()
}

// readFact reads what was typed for a kind of fact.
func readFact(kind profile.Kind, text string) (profile.Value, string) {
	switch kind {
	case profile.Number:
		n, err := ledger.ParseYen(strings.TrimSuffix(text, "人"))
		number := int64(n)
		if err != nil {
			return profile.Value{}, "profile.number_shape"
		}
		return profile.Value{Number: &number}, ""
	case profile.Day:
		day, err := ledger.ParseDate(text)
		if err != nil {
			return profile.Value{}, "profile.day_shape"
		}
		return profile.Value{Day: &day}, ""
	case profile.YesNo:
		yes := text == "yes"
		return profile.Value{Yes: &yes}, ""
	case profile.Words:
		return profile.Value{Words: strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，/／\n 　", r) })}, ""
	}
	return profile.Value{Text: &text}, ""
}
