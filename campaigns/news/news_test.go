package news_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// told is a group with an announced campaign.
type told struct {
	*campaigntest.Group
	c campaigns.Campaign
}

func newTold(t *testing.T) told {
	t.Helper()
	g := campaigntest.Found(t, pgtest.New(t).App)
	return told{g, g.Announce()}
}

func (g told) write(change ...func(*news.Words)) int64 {
	g.T.Helper()
	w := news.Words{Title: "お弁当を30食、届けました", Text: "きょう、30食を届けました。\n次は来週です。"}
	for _, f := range change {
		f(&w)
	}
	var id int64
	g.In(func(tx *sqlx.Tx) (err error) {
		if id, err = news.Start(g.T.Context(), tx, g.ID, g.c.ID, g.Head, g.At); err != nil {
			return err
		}
		return news.Save(g.T.Context(), tx, g.ID, id, w, news.Public)
	})
	return id
}

func (g told) save(id int64, w news.Words, a news.Audience) error {
	return g.Try(func(tx *sqlx.Tx) error { return news.Save(g.T.Context(), tx, g.ID, id, w, a) })
}

func (g told) publish(id int64, reason string) error {
	return g.Try(func(tx *sqlx.Tx) error {
		_, err := news.Publish(g.T.Context(), tx, g.ID, id, reason, g.Head, g.At)
		return err
	})
}

func (g told) mails(kind news.Kind, a news.Audience) []string {
	g.T.Helper()
	all, err := news.Readers(g.T.Context(), g.DB, g.ID, g.c.ID, kind, a)
	if err != nil {
		g.T.Fatal(err)
	}
	var mails []string
	for _, r := range all {
		mails = append(mails, r.Mail)
	}
	return mails
}

func (g told) follow(mail, token string) bool {
	g.T.Helper()
	var tell bool
	g.In(func(tx *sqlx.Tx) (err error) {
		_, tell, err = news.Follow(g.T.Context(), tx, g.c, mail, token, g.At)
		return err
	})
	return tell
}

func (g told) confirm(token string) (news.Follower, error) {
	var f news.Follower
	err := g.Try(func(tx *sqlx.Tx) (err error) {
		f, err = news.Confirm(g.T.Context(), tx, g.ID, token, g.At)
		return err
	})
	return f, err
}

func from(mail string) func(*campaigns.Gift) {
	return func(gift *campaigns.Gift) { gift.Donor.Mail = mail }
}

func mustBe(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestUpdateStandsAndIsCorrectedWithAReason(t *testing.T) {
	t.Parallel()
	g := newTold(t)
	photo := news.Photo{Hash: strings.Repeat("ab", 32), Alt: "机に並んだお弁当", Caption: "川べりの家", Consent: true}
	id := g.write(func(w *news.Words) { w.Photos = news.Photos{photo}; w.UseID = g.Uses(g.c)[0].ID })
	if all, _ := news.List(t.Context(), g.DB, g.ID, g.c.ID, true, 0); len(all) != 0 {
		t.Errorf("a draft is published: %+v", all)
	}
	if err := g.publish(id, ""); err != nil {
		t.Fatal(err)
	}
	mustBe(t, "published twice", g.publish(id, "もう一度"), news.ErrSame)
	mustBe(t, "another audience", g.save(id, news.Words{Title: "お弁当を20食、届けました", Text: "きょう、20食を届けました。"}, news.Givers), nil)
	var bad ledger.Invalid
	if err := g.publish(id, ""); !errors.As(err, &bad) || bad["reason"] == "" {
		t.Errorf("a correction without a reason: %v", err)
	}
	if err := g.publish(id, "数をまちがえました"); err != nil {
		t.Fatal(err)
	}
	all, err := news.List(t.Context(), g.DB, g.ID, g.c.ID, false, 0)
	if err != nil || len(all) != 1 || all[0].Number != 1 || all[0].Version.Version != 2 || all[0].Title != "お弁当を20食、届けました" || all[0].Audience != news.Public {
		t.Fatalf("the list is %+v, %v", all, err)
	}
	versions, err := news.Versions(t.Context(), g.DB, g.ID, id)
	if err != nil || len(versions) != 2 || versions[0].Reason != "数をまちがえました" || versions[1].Use != "食材" {
		t.Fatalf("versions are %+v, %v", versions, err)
	}
	if got := versions[1].Photos; len(got) != 1 || got[0] != (news.Photo{Hash: photo.Hash}) {
		t.Errorf("of a photo left out %+v is kept, want its hash alone", got)
	}
	dropped, err := ledger.DroppedFiles(t.Context(), g.DB, g.ID)
	if err != nil || len(dropped) != 1 || dropped[0].Kind != "photo" {
		t.Errorf("dropped files are %+v, %v", dropped, err)
	}
	for _, change := range []string{"title = 'x'", "text = 'x'", "reason = 'x'"} {
		if _, err := g.DB.Exec(`UPDATE news_version SET `+change+` WHERE organisation_id = $1`, g.ID); !errors.Is(ledger.Classify(err), ledger.ErrFrozen) {
			t.Errorf("%s: %v, want it refused", change, err)
		}
	}
}

func TestUpdateComesOutWholeAndBetweenAnnouncingAndReporting(t *testing.T) {
	t.Parallel()
	g := newTold(t)
	id := g.write(func(w *news.Words) { *w = news.Words{Photos: news.Photos{{Hash: strings.Repeat("ab", 32)}}} })
	var bad ledger.Invalid
	if err := g.publish(id, ""); !errors.As(err, &bad) || len(bad) != 4 {
		t.Errorf("an empty update with a photo: %v, want title, text, what is on it and the consent", err)
	}
	if err := g.save(id, news.Words{UseID: 999}, news.Public); !errors.As(err, &bad) || bad["use"] == "" {
		t.Errorf("a use of nobody: %v", err)
	}
	draft := g.Draft(g.Plan())
	mustBe(t, "of a draft", g.Try(func(tx *sqlx.Tx) error {
		_, err := news.Start(t.Context(), tx, g.ID, draft, g.Head, g.At)
		return err
	}), ledger.ErrNotFound)
	other := campaigntest.Found(t, g.DB)
	_, err := news.Find(t.Context(), g.DB, other.ID, id)
	mustBe(t, "of another organisation", err, ledger.ErrNotFound)
	late := g.write()
	if _, err := g.DB.Exec(`UPDATE campaign SET status = 'reported' WHERE organisation_id = $1 AND id = $2`, g.ID, g.c.ID); err != nil {
		t.Fatal(err)
	}
	mustBe(t, "after the report", g.publish(late, ""), news.ErrOver)
}

func TestGiversAndFollowersGetOneLetterUntilTheyStopIt(t *testing.T) {
	t.Parallel()
	g := newTold(t)
	first, _ := g.Pay(g.c, 3_000, 108, from("hana@example.jp"))
	g.Pay(g.c, 2_000, 72, from("hana@example.jp"))
	second, _ := g.Pay(g.c, 1_000, 36, from("taro@example.jp"))
	g.Give(g.c, 1_000, from("unpaid@example.jp"))
	g.follow("hana@example.jp", "f-hana")
	g.follow("yuki@example.jp", "f-yuki")
	g.follow("never@example.jp", "f-never")
	for _, token := range []string{"f-hana", "f-yuki"} {
		if _, err := g.confirm(token); err != nil {
			t.Fatal(err)
		}
	}
	want := func(kind news.Kind, a news.Audience, mails ...string) {
		t.Helper()
		if got := g.mails(kind, a); !slices.Equal(got, mails) {
			t.Errorf("%s for %s goes to %q, want %q", kind, a, got, mails)
		}
	}
	want(news.News, news.Public, "hana@example.jp", "taro@example.jp", "yuki@example.jp")
	want(news.News, news.Givers, "hana@example.jp", "taro@example.jp")
	g.In(func(tx *sqlx.Tx) error { return news.Stop(t.Context(), tx, g.ID, first.DonorID, news.News, g.At) })
	want(news.News, news.Public, "taro@example.jp", "yuki@example.jp")
	want(news.Report, news.Public, "hana@example.jp", "taro@example.jp", "yuki@example.jp")
	g.In(func(tx *sqlx.Tx) error { return news.Want(t.Context(), tx, g.ID, first.DonorID, news.News) })
	want(news.News, news.Givers, "hana@example.jp", "taro@example.jp")
	mustBe(t, "receipts", g.Try(func(tx *sqlx.Tx) error { return news.Stop(t.Context(), tx, g.ID, second.DonorID, "receipt", g.At) }), ledger.ErrNotFound)
}

func TestFollowingNeedsTheLinkOfALetterInTime(t *testing.T) {
	t.Parallel()
	g := newTold(t)
	if !g.follow("yuki@example.jp", "one") || g.follow("yuki@example.jp", "two") {
		t.Error("typed in twice at once: want one letter")
	}
	_, err := g.confirm("two")
	mustBe(t, "the token of no letter", err, ledger.ErrNotFound)
	g.At = g.At.Add(24*time.Hour + time.Second)
	_, err = g.confirm("one")
	mustBe(t, "a day later", err, ledger.ErrNotFound)
	if !g.follow("yuki@example.jp", "three") {
		t.Error("typed in again later: want a letter")
	}
	f, err := g.confirm("three")
	if err != nil || !f.Active() {
		t.Fatalf("confirmed: %+v, %v", f, err)
	}
	_, err = g.confirm("three")
	mustBe(t, "confirmed twice", err, ledger.ErrNotFound)
	if g.follow("yuki@example.jp", "four") {
		t.Error("who follows gets no further letter")
	}
	for range 2 {
		g.In(func(tx *sqlx.Tx) error { return news.Unfollow(t.Context(), tx, g.ID, f.ID, g.At) })
	}
	if f, err = news.FindFollower(t.Context(), g.DB, g.ID, f.ID); err != nil || f.Active() || f.Mail != "" {
		t.Errorf("stopped: %+v, %v; want no address", f, err)
	}
	if !g.follow("yuki@example.jp", "five") {
		t.Error("who stopped may follow again")
	}
}

// publishReport writes a published report of the campaign, with nothing in it.
func (g told) publishReport() int64 {
	g.T.Helper()
	var id int64
	number := fmt.Sprintf("renshu-%d", g.ID)
	err := g.DB.Get(&id, `INSERT INTO report (organisation_id, campaign_id, number) VALUES ($1, $2, $3) RETURNING id`, g.ID, g.c.ID, number)
	if err == nil {
		_, err = g.DB.Exec(`
			INSERT INTO report_publication (organisation_id, report_id, number, version, content, figures, document, file_hash, entries_hash, published_at, published_by)
			SELECT $1, $2, $3, 1, '{}', '{}', '{}', sha256('a'), sha256('b'), $4, min(id) FROM actor WHERE organisation_id = $1`, g.ID, id, number, g.At)
	}
	if err != nil {
		g.T.Fatal(err)
	}
	return id
}

func TestQuestionIsShownOnceItIsAnswered(t *testing.T) {
	t.Parallel()
	g := newTold(t)
	report := g.publishReport()
	ask := func(name, text string) (id int64, err error) {
		err = g.Try(func(tx *sqlx.Tx) error {
			id, err = news.Ask(t.Context(), tx, g.ID, report, name, text, g.At)
			return err
		})
		return id, err
	}
	answer := func(id int64, text string) error {
		return g.Try(func(tx *sqlx.Tx) error { return news.Answer(t.Context(), tx, g.ID, id, text, g.Head, g.At) })
	}
	decline := func(id int64, why string) error {
		return g.Try(func(tx *sqlx.Tx) error { return news.Decline(t.Context(), tx, g.ID, id, why, g.Head, g.At) })
	}
	shown := func() []news.Question {
		t.Helper()
		all, err := news.Questions(t.Context(), g.DB, g.ID, g.c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	one, err := ask("練習 花子", "容器は、いくつ買いましたか。")
	if err != nil {
		t.Fatal(err)
	}
	two, _ := ask("", "広告です")
	if n, err := news.CountWaiting(t.Context(), g.DB, g.ID); n != 2 || err != nil || len(shown()) != 0 {
		t.Errorf("%d wait, %v, %d are shown; want two and none", n, err, len(shown()))
	}
	var bad ledger.Invalid
	if _, err = ask("", " \n"); !errors.As(err, &bad) {
		t.Errorf("nothing asked: %v", err)
	}
	if err = answer(one, ""); !errors.As(err, &bad) {
		t.Errorf("nothing answered: %v", err)
	}
	mustBe(t, "answering", answer(one, "200個です。"), nil)
	mustBe(t, "answering twice", answer(one, "300個です。"), news.ErrDecided)
	mustBe(t, "declining", decline(two, "宣伝のため"), nil)
	mustBe(t, "answering what is declined", answer(two, "はい"), news.ErrDecided)
	mustBe(t, "of nobody", answer(999, "はい"), ledger.ErrNotFound)
	if all := shown(); len(all) != 1 || all[0].Answer != "200個です。" || all[0].Name != "練習 花子" {
		t.Errorf("shown are %+v", all)
	}
	g.At = g.At.AddDate(1, 0, 1)
	g.In(func(tx *sqlx.Tx) error { return news.EraseDue(t.Context(), tx, g.ID, g.At) })
	if all := shown(); len(all) != 1 || all[0].Name != "" || all[0].Text == "" {
		t.Errorf("a year later %+v is shown, want the question without the name", all)
	}
	if all, err := news.AllQuestions(t.Context(), g.DB, g.ID); len(all) != 1 || err != nil {
		t.Errorf("the desk shows %+v, %v; want what was not shown gone", all, err)
	}
	mustBe(t, "taking an answered one off", decline(one, "名前が入っていたため"), nil)
	if len(shown()) != 0 {
		t.Error("it is still shown")
	}
}

func TestAddressesGoWhenTheirTimeIsOver(t *testing.T) {
	t.Parallel()
	g := newTold(t)
	g.follow("never@example.jp", "never")
	g.follow("yuki@example.jp", "yuki")
	g.follow("wish@example.jp", "wish")
	for _, token := range []string{"yuki", "wish"} {
		if _, err := g.confirm(token); err != nil {
			t.Fatal(err)
		}
	}
	kept := func() (mails []string) {
		t.Helper()
		if err := g.DB.Select(&mails, `SELECT mail FROM follower WHERE organisation_id = $1 AND mail <> '' ORDER BY mail`, g.ID); err != nil {
			t.Fatal(err)
		}
		return mails
	}
	due := func() {
		t.Helper()
		g.In(func(tx *sqlx.Tx) error { return news.EraseDue(t.Context(), tx, g.ID, g.At) })
	}
	due()
	if got := kept(); len(got) != 3 {
		t.Errorf("at once %q are kept, want three", got)
	}
	g.In(func(tx *sqlx.Tx) error { return news.EraseFollowers(t.Context(), tx, g.ID, "wish@example.jp", g.At) })
	g.At = g.At.Add(24 * time.Hour)
	due()
	if got := kept(); !slices.Equal(got, []string{"yuki@example.jp"}) {
		t.Errorf("a day later %q are kept, want the confirmed one", got)
	}
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.Stop(t.Context(), tx, g.ID, g.c.ID, g.Head, g.At, "やめるため")
	})
	g.At = g.At.AddDate(1, 0, 0).Add(-time.Hour)
	due()
	if got := kept(); len(got) != 1 {
		t.Errorf("within a year of the end %q are kept, want one", got)
	}
	g.At = g.At.Add(2 * time.Hour)
	due()
	if got := kept(); len(got) != 0 {
		t.Errorf("a year after the end %q are kept, want none", got)
	}
}
