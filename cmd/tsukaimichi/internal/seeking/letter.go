package seeking

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Early reports whether it is too early in Tokyo for letters: nobody is woken by one before seven.
func Early(at time.Time) bool { return at.In(ledger.Tokyo).Hour() < 7 }

// mostListed is how many calls a letter names of one search; the page has them all.
const mostListed = 10

// Write writes the letters of the day. Doing it again on the same day writes none. One person whose letter fails keeps nobody else from his.
func Write(ctx context.Context, db *sqlx.DB, links telling.Links, at time.Time) error {
	readers, err := search.Readers(ctx, db)
	if err != nil {
		return err
	}
	var failed error
	for _, id := range readers {
		if err = writeTo(ctx, db, links, id, at); err != nil && failed == nil {
			failed = fmt.Errorf("letter about grants to person %d: %w", id, err)
		}
	}
	return failed
}

// writeTo writes one person's letter, if there is something to tell and none was written today. His row is held, so that two replicas write one.
func writeTo(ctx context.Context, db *sqlx.DB, links telling.Links, personID int64, at time.Time) error {
	today := ledger.DateOf(at)
	key := fmt.Sprintf("grants:%d:%s", personID, today)
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT FROM person WHERE id = $1 FOR UPDATE`, personID); err != nil {
			return err
		}
		written, err := mail.Written(ctx, tx, mail.Program, key)
		if err != nil || written {
			return err
		}
		rooms, err := search.Rooms(ctx, tx, personID, today)
		if err != nil || len(rooms) == 0 || rooms[0].Mail == "" {
			return err
		}
		all, err := catalogue.Current(ctx, tx, today)
		if err != nil {
			return err
		}
		l := letter{tx: tx, links: links, all: all, today: today}
		for _, room := range rooms {
			if err = l.room(ctx, room.OrganisationID, personID); err != nil {
				return err
			}
		}
		if l.calls == 0 {
			return nil
		}
		err = mail.Enqueue(ctx, tx, l.message(rooms[0], key), at)
		if errors.Is(err, mail.ErrAddress) || errors.Is(err, mail.ErrHeader) {
			return nil // what was found stands on the page all the same
		}
		return err
	})
}

// letter collects what one person is told.
type letter struct {
	tx    *sqlx.Tx
	links telling.Links
	all   []catalogue.Opportunity
	today ledger.Date
	body  strings.Builder
	pages []string
	calls int
}

// room adds what the person's searches for one organisation have found, and notes that it was told. A call that two of them found is named once.
func (l *letter) room(ctx context.Context, organisationID, personID int64) error {
	o, err := ledger.FindOrganisation(ctx, l.tx, organisationID)
	if err != nil {
		return err
	}
	saved, err := search.List(ctx, l.tx, organisationID, personID)
	if err != nil {
		return err
	}
	named := map[int64]bool{}
	before := l.calls
	for _, s := range saved {
		seeker, err := search.Seek(ctx, l.tx, organisationID, s.WorksheetID, l.today)
		if err != nil {
			return err
		}
		news, err := s.News(ctx, l.tx, s.Query.Select(l.all, seeker, l.today))
		if err != nil {
			return err
		}
		if err = s.Tell(ctx, l.tx, news, l.today); err != nil {
			return err
		}
		l.search(o, s, news, named)
	}
	if l.calls > before {
		l.pages = append(l.pages, fmt.Sprintf("%s/desk/%s/grants/searches", l.links.Site, o.Slug))
	}
	return nil
}

// search adds the news of one search.
func (l *letter) search(o ledger.Organisation, s search.Saved, news []search.News, named map[int64]bool) {
	listed := 0
	for _, n := range news {
		if named[n.ID] {
			continue
		}
		named[n.ID] = true
		l.calls++
		if listed++; listed == 1 {
			fmt.Fprintf(&l.body, "■ %s「%s」\n\n", o.Name, s.Name)
		}
		if listed <= mostListed {
			l.call(o, n)
		}
	}
	if listed > mostListed {
		fmt.Fprintf(&l.body, "ほかに%d件あります。\n\n", listed-mostListed)
	}
}

func (l *letter) call(o ledger.Organisation, n search.News) {
	what := "新しい募集"
	if len(n.Changed) > 0 {
		what = "変わった募集"
	}
	fmt.Fprintf(&l.body, "・%s　%s（%s）\n", what, n.Call.Title, n.Funder)
	if len(n.Changed) > 0 {
		fmt.Fprintf(&l.body, "　変わったところ：%s\n", strings.Join(n.Words(func(field string) string { return locale.Japanese.T("call.field_" + field) }), "、"))
	}
	if n.Call.Most > 0 {
		fmt.Fprintf(&l.body, "　%s円まで\n", n.Call.Most)
	}
	fmt.Fprintf(&l.body, "　%s\n　%s/desk/%s/grants/%d\n\n", closing(n.Call, l.today), l.links.Site, o.Slug, n.ID)
}

// closing is when a call closes and how the day is met.
func closing(c catalogue.Call, today ledger.Date) string {
	d := c.Closes()
	if d.On.IsZero() {
		if how := d.How(); how != "" {
			return "締切：" + how
		}
		return "締切：要確認"
	}
	how := d.How()
	if how == "" {
		how = "必着か消印有効か、要確認"
	}
	return fmt.Sprintf("締切 %d年%d月%d日（%s）　あと%d日", d.On.Year(), d.On.Month(), d.On.Day(), how, d.On.Sub(today))
}

func (l *letter) message(reader ledger.Membership, key string) mail.Message {
	stop := l.links.Site + l.links.PersonPath(reader.PersonID)
	text := fmt.Sprintf("%s 様\n\n残してある条件に合う助成の募集を、お知らせします。\n\n%s条件を見る・直す：\n%s\n\nこのメールは、新しいものがある日に、1日1通だけ送ります。\nやめるとき：%s\n",
		reader.Name, l.body.String(), strings.Join(l.pages, "\n"), stop)
	return mail.Message{OrganisationID: mail.Program, Kind: "grants", Key: key, To: reader.Mail, StopURL: stop,
		Subject: fmt.Sprintf("助成の募集 %d件（新しいもの・変わったもの）", l.calls), Text: text}
}
