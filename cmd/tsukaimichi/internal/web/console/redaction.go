package console

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
)

// RedactionPage is one copy of a paper: the very picture that is, or will be, public, and what can be done about it.
type RedactionPage struct {
	page.Console
	Heading  string
	Tag      page.Tag
	Failed   Failure
	Notice   page.Notice
	Picture  string // empty once it is gone
	Alt      string
	Original page.Link
	Pairs    []page.Pair
	Approve  Act
	Refuse   Act
	Withdraw Act
}

// Template names the template of the page.
func (RedactionPage) Template() string { return "console/redaction" }

func (p *Pages) routesOfCopies(t *routeTable) {
	t.get("/evidence/{id}/redact", enterers, p.NewRedaction).Private = access.Evidence
	t.post("/evidence/{id}/redact", enterers, p.PrepareRedaction)
	t.get("/redactions/{id}", readers, p.Redaction).Private = access.Evidence
	t.get("/redactions/{id}/picture", readers, p.RedactionPicture).Private = access.Evidence
	t.post("/redactions/{id}/approve", checkers, p.ApproveRedaction)
	t.post("/redactions/{id}/refuse", checkers, p.RefuseRedaction)
	t.post("/redactions/{id}/withdraw", decidersOrOwner, p.WithdrawRedaction)
}

// Redaction shows a copy.
func (p *Pages) Redaction(w http.ResponseWriter, r *http.Request) error {
	return p.redaction(w, r, http.StatusOK, "", nil, nil)
}

func (p *Pages) redaction(w http.ResponseWriter, r *http.Request, status int, form string, values url.Values, problems map[string]string) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	x, err := redaction.Find(r.Context(), p.DB, d.Organisation.ID, id)
	if err != nil {
		return err
	}
	failed := notDone(problems)
	shown := buildRedaction(d, x, form, values, problems)
	shown.Failed = failed.gone(form, values, problems, shown.Approve, shown.Refuse, shown.Withdraw)
	shown.Console = d.Frame(r, shown.Heading, page.Money, page.Link{Href: d.Path("expenses"), Text: "支出"}, page.Link{Href: d.Path("expenses", x.ExpenseID), Text: x.What})
	shown.NeedsFix = len(problems) > 0 || shown.Failed.Head != ""
	return p.Renderer.Render(w, status, shown)
}

func buildRedaction(d Desk, x redaction.Redaction, form string, values url.Values, problems map[string]string) RedactionPage {
	of := func(name string) builder {
		if form == name {
			return builder{form: page.NewForm(values, problems), prefix: name}
		}
		return builder{form: page.NewForm(nil, nil), prefix: name}
	}
	shown := RedactionPage{Heading: "公開する写し", Tag: copyTag(x), Alt: x.What + " の書類の写し", Pairs: copyPairs(x), Original: page.Link{Href: d.Path("evidence", x.EvidenceID), Text: "もとの書類を見る"}}
	if !x.Stands() {
		return shown
	}
	shown.Picture = d.Path("redactions", x.ID, "picture")
	if own := x.PreparedPerson == d.Person.ID; x.Status == redaction.Prepared && own {
		shown.Notice = page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "確認待ち"}, Head: "ほかの人の確認を待っています", Text: "自分で作った写しは、自分では公開できません。それまでは、だれにも見えません。"}
	} else if x.Status == redaction.Prepared && d.May(checkers...) {
		shown.decide(d, x, of)
		shown.Refuse.Open = form == "refuse"
	}
	if d.May(decidersOrOwner...) {
		b := of("withdraw")
		shown.Withdraw = Act{ID: "withdraw", Summary: "取り下げる", Action: d.Path("redactions", x.ID, "withdraw"), Button: "写しを取り下げる", Plain: true, Open: form == "withdraw",
			Lead: "写しは消え、公開のページからもなくなります。取り下げたことと、わけは残ります。もとの書類は、そのままです。", Items: []Item{b.reason("取り下げるわけ", "")}}
		shown.Withdraw.Problems = b.form.Problems()
	}
	return shown
}

// decide adds what another person does with a copy that waits.
func (p *RedactionPage) decide(d Desk, x redaction.Redaction, of func(string) builder) {
	b := of("approve")
	b.prefix = ""
	p.Approve = Act{ID: "approve", Bare: true, Action: d.Path("redactions", x.ID, "approve"), Button: "この写しを公開する",
		Lead:  "見えている写真が、そのまま、募金の報告のページに出ます。大きくして、すみまで見てください。",
		Items: []Item{b.tick(page.Tick{Name: "looked", Label: "人のことが残っていないことを、確かめました", Note: "名前・住所・電話・メール・口座やカードの番号・会員番号・印影・手書きの字・顔・車の番号"})}}
	p.Approve.Problems = b.form.Problems()
	b = of("refuse")
	p.Refuse = Act{ID: "refuse", Summary: "このままでは公開できない", Action: d.Path("redactions", x.ID, "refuse"), Button: "公開しない", Plain: true,
		Lead: "写しは消えます。作り直してもらえます。", Items: []Item{b.reason("公開できないわけ", "例：左下の電話番号が読めます。")}}
	p.Refuse.Problems = b.form.Problems()
}

func copyTag(x redaction.Redaction) page.Tag {
	switch x.Status {
	case redaction.Prepared:
		return page.Tag{Kind: page.TagWait, Text: "確認待ち"}
	case redaction.Approved:
		return page.Tag{Kind: page.TagOpen, Text: "公開しています"}
	case redaction.Refused:
		return page.Tag{Kind: page.TagDraft, Text: "公開しません"}
	}
	return page.Tag{Kind: page.TagDone, Text: "取り下げました"}
}

func copyPairs(x redaction.Redaction) []page.Pair {
	pairs := []page.Pair{{Term: "黒くしたところ", Text: fmt.Sprintf("%dか所", x.Boxes)}, {Term: "作った人", Text: x.PreparedBy + "\n" + page.Minute(x.PreparedAt)}}
	if x.DecidedBy != "" {
		pairs = append(pairs, page.Pair{Term: "確かめた人", Text: x.DecidedBy + "\n" + page.Minute(x.DecidedAt)})
	}
	if x.WithdrawnBy != "" {
		pairs = append(pairs, page.Pair{Term: "取り下げた人", Text: x.WithdrawnBy + "\n" + page.Minute(x.WithdrawnAt)})
	}
	if x.Reason != "" {
		pairs = append(pairs, page.Pair{Term: "わけ", Text: x.Reason})
	}
	if x.Status == redaction.Approved {
		pairs = append(pairs, page.Pair{Term: "出るところ", Text: "募金の報告のページの「領収書などの写し」。報告を公表するまでは、出ません。"})
	}
	return pairs
}

// RedactionPicture sends the picture of a copy that stands.
func (p *Pages) RedactionPicture(w http.ResponseWriter, r *http.Request) error {
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	x, err := redaction.Find(r.Context(), p.DB, desk(r).Organisation.ID, id)
	if err != nil {
		return err
	}
	if !x.Stands() {
		return ledger.ErrNotFound
	}
	return p.sendFile(w, r, files.KindRedacted, x.FileHash, files.JPEG, fmt.Sprintf("copy-%d", id))
}

// ApproveRedaction makes a copy public that another person prepared.
func (p *Pages) ApproveRedaction(w http.ResponseWriter, r *http.Request) error {
	return p.decideRedaction(w, r, "approve", "copy_approved", func(tx *sqlx.Tx, d Desk, t typed, id int64) error {
		t.bad.Need(t.Get("looked") != "", "looked", "redaction.look_missing")
		return redaction.Approve(r.Context(), tx, d.Organisation.ID, id, d.By(), d.Now)
	})
}

// RefuseRedaction keeps a copy from becoming public.
func (p *Pages) RefuseRedaction(w http.ResponseWriter, r *http.Request) error {
	return p.decideRedaction(w, r, "refuse", "copy_refused", func(tx *sqlx.Tx, d Desk, t typed, id int64) error {
		return redaction.Refuse(r.Context(), tx, d.Organisation.ID, id, t.text("reason"), d.By(), d.Now)
	})
}

// WithdrawRedaction takes a copy back.
func (p *Pages) WithdrawRedaction(w http.ResponseWriter, r *http.Request) error {
	return p.decideRedaction(w, r, "withdraw", "copy_withdrawn", func(tx *sqlx.Tx, d Desk, t typed, id int64) error {
		return redaction.Withdraw(r.Context(), tx, d.Organisation.ID, id, t.text("reason"), d.By(), d.Now)
	})
}

func (p *Pages) decideRedaction(w http.ResponseWriter, r *http.Request, form, done string, do deed) error {
	return p.act(w, r, "redactions", form, done, p.redaction, do)
}

// copyTasks are copies that wait for this person, who did not make them.
func copyTasks(d Desk, w waiting) []page.Task {
	if !d.May(checkers...) {
		return nil
	}
	var tasks []page.Task
	for _, x := range w.Copies {
		if x.PreparedPerson == d.Person.ID {
			continue
		}
		tasks = append(tasks, page.Task{Tag: page.Tag{Kind: page.TagWait, Text: "確認待ち"}, What: "公開する写しを確かめる　" + x.What, Note: x.PreparedBy + "さんが黒くぬりました。確かめるまで、だれにも見えません。",
			Act: page.Link{Href: d.Path("redactions", x.ID), Text: "写しを見る"}})
		if len(tasks) == 3 {
			break
		}
	}
	return tasks
}
