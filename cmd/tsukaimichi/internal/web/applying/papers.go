package applying

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/office"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

func sheetWords(s budget.Sheet) string {
	lines := make([]string, 0, len(s.Costs)+len(s.Income))
	for _, c := range s.Costs {
		amount, err := c.Amount()
		if err == nil {
			lines = append(lines, c.Item+"　"+page.YenText(amount)+"円")
		}
	}
	for _, in := range s.Income {
		lines = append(lines, "収入　"+in.Item+"　"+page.YenText(in.Amount)+"円")
	}
	return strings.Join(lines, "\n")
}

// send answers with bytes that are nobody else's.
func send(w http.ResponseWriter, mime, disposition string, content []byte) error {
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Content-Disposition", disposition)
	w.Header().Set("Cache-Control", "private, no-store")
	_, err := w.Write(content)
	return err
}

// print prints the application.
func (p *Pages) print(ctx context.Context, m matter, public bool) ([]byte, error) {
	signed, err := application.Signatures(ctx, p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return nil, err
	}
	a := reports.Application{Organisation: m.Organisation, Form: m.Form, Draft: m.Draft, Worked: m.Worked, Signed: signed, Public: public, At: m.Now}
	return p.Print(ctx, a.Document())
}

// Paper answers with the application as PDF.
func (p *Pages) Paper(w http.ResponseWriter, r *http.Request) error { return p.paper(w, r, false) }

// PublicPaper answers with the copy for an audience, which names nobody.
func (p *Pages) PublicPaper(w http.ResponseWriter, r *http.Request) error {
	return p.paper(w, r, true)
}

func (p *Pages) paper(w http.ResponseWriter, r *http.Request, public bool) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	content, err := p.print(r.Context(), m, public)
	if err != nil {
		return err
	}
	return send(w, "application/pdf", `inline; filename="application.pdf"`, content)
}

// Questions answers with the questions of a form alone, as a Word file.
func (p *Pages) Questions(w http.ResponseWriter, r *http.Request) error {
	form, err := application.FindForm(r.Context(), p.DB, r.PathValue("key"), r.PathValue("version"))
	if err != nil {
		return ledger.ErrNotFound
	}
	content, err := office.Questions(form)
	if err != nil {
		return err
	}
	return send(w, wordType, `attachment; filename="questions.docx"`, content)
}

const (
	wordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	excelType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// piece is one file of the bundle.
type piece struct {
	name    string
	content []byte
}

// pieces are the files of an application as it stands: the letter on top, its paper, the funder's form filled, and the group's papers that the form asks for.
func (p *Pages) pieces(ctx context.Context, m matter) ([]piece, error) {
	paper, err := p.print(ctx, m, false)
	if err != nil {
		return nil, err
	}
	all := []piece{{"申請書.pdf", paper}}
	form, found, err := application.FindPaperForm(ctx, p.DB, m.Organisation.ID, m.Draft.ID)
	if err != nil {
		return nil, err
	}
	if found {
		if filled, err := p.fill(ctx, m, form); err == nil { // a mapping that does not fit is said on its page
			all = append(all, piece{"様式_" + form.Name, filled})
		}
	}
	papers, err := profile.Papers(ctx, p.DB, m.Organisation.ID)
	if err != nil {
		return nil, err
	}
	for _, paper := range papers {
		name := m.attached(paper)
		if name == "" {
			continue
		}
		var hash files.Hash
		copy(hash[:], paper.Hash)
		content, err := p.Files.Read(ctx, m.Organisation.ID, files.KindForm, hash)
		if err != nil {
			return nil, err
		}
		all = append(all, piece{name, content})
	}
	letter, err := p.cover(ctx, m, all)
	if err != nil {
		return nil, err
	}
	return slices.Insert(all, 0, piece{"送付状.pdf", letter}), nil
}

// attached is the name under which a paper of the group goes along: what the form asks for, and the quotes at lines of the budget; empty for any other. Once quotes are
// at their lines, others of the library stay at home.
func (m matter) attached(paper profile.Paper) string {
	quotes := false
	for i, c := range m.Draft.Budget.Costs {
		quotes = quotes || len(c.Papers) > 0
		if slices.Contains(c.Papers, paper.ID) {
			return fmt.Sprintf("%s_%d行目_%s_%s", quoteKind, i+1, c.Item, paper.Name)
		}
	}
	wanted := slices.ContainsFunc(m.Form.Wanted(m.Draft.Answers, m.figures()), func(a template.Attachment) bool { return a.Kind == paper.Kind })
	if !wanted || (quotes && paper.Kind == quoteKind) {
		return ""
	}
	return paper.Kind + "_" + paper.Name
}

// cover is the letter on top of what is sent.
func (p *Pages) cover(ctx context.Context, m matter, below []piece) ([]byte, error) {
	c := reports.Cover{Organisation: m.Organisation, Title: m.Draft.Title, At: m.Now}
	if m.Draft.OpportunityID != 0 {
		call, err := catalogue.Find(ctx, p.DB, m.Draft.OpportunityID)
		if err != nil && !errors.Is(err, catalogue.ErrNoOpportunity) {
			return nil, err
		}
		c.To = call.Funder
	}
	for _, one := range below {
		c.Enclosed = append(c.Enclosed, strings.TrimSuffix(one.name, path.Ext(one.name))+"　1部")
	}
	return p.Print(ctx, c.Document())
}

// Cover answers with the letter on top as PDF.
func (p *Pages) Cover(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	all, err := p.pieces(r.Context(), m)
	if err != nil {
		return err
	}
	return send(w, "application/pdf", `inline; filename="cover.pdf"`, all[0].content)
}

// Bundle answers with everything in one archive, with a manifest of hashes.
func (p *Pages) Bundle(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	all, err := p.pieces(r.Context(), m)
	if err != nil {
		return err
	}
	content, err := zipped(m, all)
	if err != nil {
		return err
	}
	return send(w, "application/zip", fmt.Sprintf(`attachment; filename="application-%d.zip"`, m.Draft.ID), content)
}

// zipped packs the files and a manifest that names each with its hash, and the content they were made of.
func zipped(m matter, all []piece) ([]byte, error) {
	manifest := struct {
		Title   string            `json:"title"`
		Form    string            `json:"form"`
		Content string            `json:"content_sha256"`
		Files   map[string]string `json:"files_sha256"`
	}{m.Draft.Title, m.Draft.FormKey + " " + m.Draft.FormVersion, hex.EncodeToString(m.Draft.Hash), map[string]string{}}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, content []byte) error {
		part, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: m.Now.UTC().Truncate(time.Second)})
		if err != nil {
			return err
		}
		_, err = part.Write(content)
		return err
	}
	for i, one := range all {
		name := fmt.Sprintf("%02d_%s", i+1, plainName(one.name))
		manifest.Files[name] = files.HashOf(one.content).String()
		if err := add(name, one.content); err != nil {
			return nil, err
		}
	}
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	if err = add("manifest.json", text); err != nil {
		return nil, err
	}
	if err = z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// plainName keeps a file's name from being a path.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
}

// freeze keeps the files that are handed in, as they are now.
func (p *Pages) freeze(ctx context.Context, m matter) ([]application.SentFile, error) {
	all, err := p.pieces(ctx, m)
	if err != nil {
		return nil, err
	}
	sent := make([]application.SentFile, len(all))
	for i, one := range all {
		kept, err := p.Files.Put(ctx, m.Organisation.ID, files.KindForm, one.content)
		if err != nil {
			return nil, err
		}
		sent[i] = application.SentFile{Name: plainName(one.name), Hash: kept.Hash[:], Bytes: kept.Size}
	}
	return sent, nil
}

// answersByKey are the answers as text, by field and by common key, for a funder's own form.
func answersByKey(m matter) map[string]string {
	texts := map[string]string{}
	for _, f := range m.Form.Fields() {
		text := answerWords(m.Draft.Answers[f.Key])
		if f.Type == template.Computed {
			if n, known := m.Form.Value(f.Key, m.Draft.Answers, m.figures()); known {
				text = ledger.Yen(n).String()
			}
		}
		if texts[f.Key] = text; f.CommonKey != "" {
			texts[f.CommonKey] = text
		}
	}
	for key, amount := range map[string]ledger.Yen{"budget.total": m.Worked.Total, "budget.requested": m.Worked.Share.Grant, "budget.own": m.Worked.Share.Own, "budget.eligible": m.Worked.Eligible} {
		texts[key] = amount.String()
	}
	return texts
}
