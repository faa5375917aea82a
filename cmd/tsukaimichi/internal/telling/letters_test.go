package telling_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english/englishtest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestUpdateIsOneLetterForEachReaderWithItsOwnStop(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	d := &telling.Desk{DB: g.DB, Now: func() time.Time { return g.At }, Links: telling.Links{Site: "https://example.jp", Key: []byte("a key")}}
	c := g.Announce()
	for range 2 {
		g.Pay(c, 3_000, 108, func(gift *campaigns.Gift) { gift.Donor.Mail = "hana@example.jp" })
	}
	g.In(func(tx *sqlx.Tx) error {
		if _, _, err := news.Follow(t.Context(), tx, c, "yuki@example.jp", "token", g.At); err != nil {
			return err
		}
		_, err := news.Confirm(t.Context(), tx, g.ID, "token", g.At)
		return err
	})
	publish := func(w news.Words, a news.Audience) int64 {
		t.Helper()
		var id int64
		g.In(func(tx *sqlx.Tx) (err error) {
			if id, err = news.Start(t.Context(), tx, g.ID, c.ID, g.Head, g.At); err != nil {
				return err
			}
			return news.Save(t.Context(), tx, g.ID, id, w, a)
		})
		if _, err := d.Publish(t.Context(), g.ID, id, "", g.Head); err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := publish(news.Words{Title: "30食", Text: "届けました。"}, news.Public)
	letters := sent(t, g)
	if len(letters) != 2 {
		t.Fatalf("%d letters, want one to the giver and one to the follower: %+v", len(letters), letters)
	}
	for _, l := range letters {
		if !strings.Contains(l.Text, "届けました。") || !strings.Contains(l.Text, "/c/"+c.Slug+"/news/1") || !strings.Contains(l.Text, l.StopURL) || !strings.HasSuffix(l.StopURL, "?kind=news") {
			t.Errorf("the letter to %s says %s, %s", l.To, l.Text, l.StopURL)
		}
	}
	g.In(func(tx *sqlx.Tx) error {
		return news.Save(t.Context(), tx, g.ID, first, news.Words{Title: "20食", Text: "届けました。"}, news.Public)
	})
	if _, err := d.Publish(t.Context(), g.ID, first, "数のまちがい", g.Head); err != nil {
		t.Fatal(err)
	}
	if got := len(sent(t, g)); got != 2 {
		t.Errorf("%d letters after a correction, want the two of before", got)
	}
	publish(news.Words{Title: "お礼", Text: "寄付した方だけに。"}, news.Givers)
	letters = sent(t, g)
	if len(letters) != 3 || letters[0].To != "hana@example.jp" || !strings.Contains(letters[0].Text, "寄付した方だけに。") || strings.Contains(letters[0].Text, "/news/") {
		t.Errorf("for givers alone: %d letters, the newest %+v", len(letters), letters[0])
	}
}

// TestNewsComeInTheLanguageOfTheLastGift: the words of the group stay as they are.
func TestNewsComeInTheLanguageOfTheLastGift(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	d := &telling.Desk{DB: g.DB, Now: func() time.Time { return g.At }, Links: telling.Links{Site: "https://example.jp", Key: []byte("a key")}}
	c := g.Announce()
	for _, language := range []campaigns.Language{campaigns.Japanese, campaigns.English} {
		g.Pay(c, 3_000, 108, func(gift *campaigns.Gift) {
			gift.Donor.Mail, gift.Language, gift.Donor.Name = "hana@example.jp", language, "練習 花子"
		})
		g.Pass(1)
	}
	var id int64
	g.In(func(tx *sqlx.Tx) (err error) {
		if id, err = news.Start(t.Context(), tx, g.ID, c.ID, g.Head, g.At); err != nil {
			return err
		}
		return news.Save(t.Context(), tx, g.ID, id, news.Words{Title: "30食", Text: "届けました。"}, news.Public)
	})
	if _, err := d.Publish(t.Context(), g.ID, id, "", g.Head); err != nil {
		t.Fatal(err)
	}
	letters := sent(t, g)
	if len(letters) != 1 || letters[0].Subject != "News: 30食" || !strings.Contains(letters[0].Text, "届けました。") {
		t.Fatalf("letters %+v", letters)
	}
	englishtest.Letter(t, "news", letters[0].Subject, letters[0].Text, "練習つどいの会", "見守り配食をつづけたい", "練習 花子", "30食", "届けました。")
}

func sent(t *testing.T, g *campaigntest.Group) []mail.Letter {
	t.Helper()
	all, err := mail.Recent(t.Context(), g.DB, 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
