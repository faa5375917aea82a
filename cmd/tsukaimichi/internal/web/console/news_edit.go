package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NewsEditPage is an update being written.
type NewsEditPage struct {
	page.Console
	Heading  string
	Tag      page.Tag
	When     string
	Problems page.Problems
	Action   string
	Seen     string // which state the form was sent out with
	Words    []Item
	Photos   []NewsPhoto
	Upload   page.Field
	More     bool // takes more photos
}

// Template names the template of the page.
func (NewsEditPage) Template() string { return "console/news_edit" }

// NewsPhoto is a photo with its words.
type NewsPhoto struct {
	Number       int
	Source       string
	Hash         string
	HashField    string
	Alt, Caption page.Field
	Consent      page.Tick
}

// EditNews shows an update as it is being written.
func (p *Pages) EditNews(w http.ResponseWriter, r *http.Request) error {
	m, err := p.findNews(r)
	if err != nil {
		return err
	}
	return p.editNews(w, r, http.StatusOK, m, newsValues(m.Update), nil)
}

func (p *Pages) editNews(w http.ResponseWriter, r *http.Request, status int, m newsMatter, values url.Values, problems map[string]string) error {
	d := desk(r)
	built := buildNewsEdit(d, m, values, problems)
	built.Console = d.Frame(r, "活動だよりを書く", page.Campaigns, append(campaignCrumbs(d, m.standing), page.Link{Href: d.Path("campaigns", m.ID, "news"), Text: "活動だより"})...)
	built.NeedsFix = built.Problems.Some()
	return p.Renderer.Render(w, status, built)
}

func buildNewsEdit(d Desk, m newsMatter, values url.Values, problems map[string]string) NewsEditPage {
	b := builder{form: page.NewForm(values, problems)}
	built := NewsEditPage{Heading: titleOf(m.standing), Tag: page.Tag{Kind: page.TagDraft, Text: "下書き"}, When: "まだ、だれにも見えません",
		Action: d.Path("campaigns", m.ID, "news", m.Update.ID), Seen: newsMark(m.Update)}
	if m.Update.Version > 0 {
		built.Tag.Text, built.When = "直しています", fmt.Sprintf("新しい版を出すまで、第%d版が読まれます", m.Update.Version)
	}
	built.Words = []Item{
		b.field(page.Field{Name: "title", Label: "見出し", MostRunes: news.MaxTitle, Hint: "例：お弁当を30食、届けました"}),
		b.field(page.Field{Name: "text", Label: "本文", Rows: 10, MostRunes: news.MaxText, Hint: "何をしたか、だれと、これから何をするかを書きます。名前を出すときは、本人に確かめてください。"}),
		b.field(page.Field{Name: "use", Label: "どの使いみちのことか", Aside: optional, Options: useOptions(m)}),
	}
	if m.Update.Version == 0 {
		built.Words = append(built.Words, b.choices(page.Choices{Name: "audience", Label: "だれに読んでもらうか", Legend: true, Hint: "出したあとは変えられません。", Options: []page.Option{
			{Value: string(news.Public), Text: "だれでも", Note: "募金のページに出ます。寄付した方と、たよりを申し込んだ方にメールで送ります"},
			{Value: string(news.Givers), Text: "寄付した方だけ", Note: "メールと、寄付した方のページだけに出ます"},
		}}))
	}
	for i := range news.MaxPhotos {
		if hash := values.Get(news.PhotoField(i+1, "hash")); hash != "" {
			built.Photos = append(built.Photos, newsPhoto(b.form, d.Organisation.ID, i+1, hash))
		}
	}
	built.More = len(built.Photos) < news.MaxPhotos
	built.Upload = b.form.Field(page.Field{Name: "photos", Label: "写真を足す", Aside: "1枚20MBまで・6枚まで", Type: "file", Accept: "image/jpeg,image/png,image/webp",
		Hint: "場所や機種の情報は消して残します。選んだら、下のボタンで残してください。"})
	built.Problems = b.form.Problems()
	return built
}

func useOptions(m newsMatter) []page.Option {
	options := []page.Option{{Value: "", Text: "決めない（ぜんぶのこと）"}}
	for _, u := range m.Plan.Uses {
		options = append(options, page.Option{Value: strconv.FormatInt(u.UseID, 10), Text: u.Name})
	}
	return options
}

func newsPhoto(form *page.Form, organisationID int64, number int, hash string) NewsPhoto {
	field := func(part string) string { return news.PhotoField(number, part) }
	return NewsPhoto{Number: number, Hash: hash, HashField: field("hash"), Source: fmt.Sprintf("/files/%d/photo/%s.jpg", organisationID, hash),
		Alt: form.Field(page.Field{Name: field("alt"), Label: "何が写っているか", MostRunes: news.MaxCaption,
			Hint: "見られない人に読み上げます。例：集会所の机に、お弁当が30個並んでいる。"}),
		Caption: form.Field(page.Field{Name: field("caption"), Label: "写真の下の文", Aside: optional, MostRunes: news.MaxCaption}),
		Consent: form.Tick(page.Tick{Name: field("consent"), Label: "写っている人（子どもは保護者）みなに、のせてよいと確かめました",
			Note: "だれかわかる人がいなければ、そのまま付けてください。あとで「やめてほしい」と言われたら、写真を消して新しい版を出すと、前の版からも消えます。"}),
	}
}

// SaveNews keeps what was written, complete or not, and the photos that came along.
func (p *Pages) SaveNews(w http.ResponseWriter, r *http.Request) error {
	m, err := p.findNews(r)
	if err != nil {
		return err
	}
	t, err := readUpload(w, r)
	if problems := uploadProblem(err); problems != nil {
		values := t.Values
		if len(values) == 0 { // nothing of it could be read
			values = newsValues(m.Update)
		}
		return p.editNews(w, r, http.StatusUnprocessableEntity, m, values, problems)
	}
	if err != nil {
		return err
	}
	d, words := desk(r), readNews(t)
	if err = p.keepPhotos(r, t, &words); err != nil {
		return err
	}
	gone := removePhoto(&words, t.Get("do"))
	audience := news.Audience(t.Get("audience"))
	if m.Update.Version > 0 {
		audience = m.Update.Audience
	}
	t.bad.Need(t.Get("seen") == newsMark(m.Update), "", "news.written_meanwhile")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if err := news.Save(r.Context(), tx, d.Organisation.ID, m.Update.ID, words, audience); err != nil || gone == nil {
			return err
		}
		return ledger.DropFile(r.Context(), tx, d.Organisation.ID, string(files.KindPhoto), gone, d.Now) // unless something else names it
	})
	var bad ledger.Invalid
	if errors.Is(err, news.ErrOver) { // the report came out meanwhile
		err = ledger.Invalid{"": "news.over"}
	}
	if errors.As(err, &bad) {
		shown := m.Update
		shown.Words, shown.Audience = words, audience
		return p.editNews(w, r, http.StatusUnprocessableEntity, m, newsValues(shown), sayings(bad))
	}
	if err != nil {
		return err
	}
	at := d.Path("campaigns", m.ID, "news", m.Update.ID)
	if t.Get("do") == "preview" {
		return redirect(w, r, at+"/preview", "")
	}
	return redirect(w, r, at, "news_saved")
}

// uploadProblem says at the photos that a form was too large; nil for any other error.
func uploadProblem(err error) map[string]string {
	var refused files.Refused
	if errors.As(err, &refused) {
		return map[string]string{"photos": locale.Japanese.T(string(refused))}
	}
	return nil
}

func readNews(t typed) news.Words {
	w := news.Words{Title: t.text("title"), Text: t.text("text"), UseID: t.id("use")}
	for i := range news.MaxPhotos {
		field := func(part string) string { return news.PhotoField(i+1, part) }
		if hash := t.Get(field("hash")); hash != "" {
			w.Photos = append(w.Photos, news.Photo{Hash: hash, Alt: t.text(field("alt")), Caption: t.text(field("caption")), Consent: t.Get(field("consent")) != ""})
		}
	}
	return w
}

func newsValues(u news.Update) url.Values {
	v := url.Values{"title": {u.Title}, "text": {u.Text}, "audience": {string(u.Audience)}}
	if u.UseID > 0 {
		v.Set("use", strconv.FormatInt(u.UseID, 10))
	}
	for i, photo := range u.Photos {
		v.Set(news.PhotoField(i+1, "hash"), photo.Hash)
		v.Set(news.PhotoField(i+1, "alt"), photo.Alt)
		v.Set(news.PhotoField(i+1, "caption"), photo.Caption)
		if photo.Consent {
			v.Set(news.PhotoField(i+1, "consent"), "yes")
		}
	}
	return v
}

// newsMark names an update as it stood when a form was sent out, so that a form of yesterday does not write over what somebody else has written since.
func newsMark(u news.Update) string {
	text, err := json.Marshal(u.Words)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(text, "%d %d %s", u.ID, u.Version, u.Audience))
	return hex.EncodeToString(sum[:8])
}

// removePhoto takes out the photo that a button named, and returns the hash of its bytes.
func removePhoto(w *news.Words, do string) []byte {
	var number int
	if _, err := fmt.Sscanf(do, "remove-photo-%d", &number); err != nil || number < 1 || number > len(w.Photos) {
		return nil
	}
	hash, err := hex.DecodeString(w.Photos[number-1].Hash)
	w.Photos = slices.Delete(w.Photos, number-1, number)
	if err != nil {
		return nil
	}
	return hash
}

// keepPhotos keeps the photos that came with a form, each drawn anew, so that place and camera are gone. Hashes the form carries along that are not kept
// here are dropped; what is not fit is noted, and the rest is kept all the same.
func (p *Pages) keepPhotos(r *http.Request, t typed, w *news.Words) error {
	organisationID := desk(r).Organisation.ID
	var known []string
	var kept news.Photos
	for _, photo := range w.Photos {
		is, err := p.keepsPhoto(r.Context(), organisationID, photo.Hash)
		if err != nil {
			return err
		}
		if is && !slices.Contains(known, photo.Hash) {
			kept, known = append(kept, photo), append(known, photo.Hash)
		}
	}
	w.Photos = kept
	if r.MultipartForm == nil {
		return nil
	}
	for _, header := range r.MultipartForm.File["photos"] {
		if header.Size == 0 && header.Filename == "" {
			continue
		}
		if len(w.Photos) == news.MaxPhotos {
			t.bad.Need(false, "photos", "news.photos_too_many")
			break
		}
		hash, err := p.keepPhoto(r.Context(), organisationID, header)
		var refused files.Refused
		if errors.As(err, &refused) {
			t.bad.Need(false, "photos", string(refused))
			continue
		}
		if err != nil {
			return err
		}
		if !slices.Contains(known, hash) {
			w.Photos, known = append(w.Photos, news.Photo{Hash: hash}), append(known, hash)
		}
	}
	return nil
}

func (p *Pages) keepPhoto(ctx context.Context, organisationID int64, header *multipart.FileHeader) (string, error) {
	f, err := header.Open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	content, err := files.Upload(f)
	if err != nil {
		return "", err
	}
	clean, err := files.Photo(content)
	if err != nil {
		return "", err
	}
	file, err := p.Files.Put(ctx, organisationID, files.KindPhoto, clean)
	return file.Hash.String(), err
}

// keepsPhoto reports whether the organisation keeps a photo of that hash.
func (p *Pages) keepsPhoto(ctx context.Context, organisationID int64, text string) (bool, error) {
	hash, err := files.ParseHash(text)
	if err != nil {
		return false, nil // not a hash of ours
	}
	reader, err := p.Files.Open(ctx, organisationID, files.KindPhoto, hash)
	if errors.Is(err, files.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, reader.Close()
}
