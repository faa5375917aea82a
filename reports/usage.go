package reports

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// UsageTemplate names the layout rules of a usage report, kept with every document made under them.
const UsageTemplate = "usage/v1"

// NotStated is printed where a source or a group says nothing.
const NotStated = "記載なし"

// Usage is everything a usage report is made of.
type Usage struct {
	Organisation ledger.Organisation
	Campaign     campaigns.Campaign
	Plan         campaigns.Plan
	Figures      Figures
	Content      Content
	Number       string            // public name; empty for a draft
	Turn         int               // which report of the campaign; 0 is the first, too
	DueOn        ledger.Date       // the day it was promised for; zero where it is not known any more
	Version      int               // 1, and more for a correction
	Earlier      []Edition         // the published versions before this one, the latest first
	URL          string            // of the page
	Photos       map[string][]byte // bytes by hash, for the PDF alone
	PhotoSource  func(hash string) string
	At           time.Time
	Draft        bool
}

// Document makes the paper in the order people read: how it stands at a glance, promise against actual with reasons, money in, money
// out, what taking and running cost, what is left, what was done, what went wrong, who confirms it, and which version this is. Every
// amount comes from the figures.
func (u Usage) Document() document.Document {
	d := document.Document{Meta: u.meta(UsageTemplate)}
	for _, part := range []document.Blocks{u.head("　使いみちの報告"), u.glance(), u.since(), u.warnings(), u.changed(), u.promises(), u.moneyIn(), u.moneyOut(),
		u.costs(), u.rest(), u.doings(), u.wrong(), u.confirmed(), u.about(), u.foot()} {
		d.Blocks = append(d.Blocks, part...)
	}
	return d
}

// meta describes a paper of the report made under a template.
func (u Usage) meta(template string) document.Meta {
	meta := document.Meta{Title: u.Plan.Title + "　使いみちの報告" + u.ordinal(), Author: u.Organisation.Name, Subject: "使途報告書", Language: "ja",
		Template: template, Number: u.Number, URL: u.URL, CreatedAt: u.At}
	if u.Draft {
		meta.Number = "下書き" // at the foot of every page
	}
	return meta
}

// ordinal says which report of its campaign it is, but for the first: of a standing call on which year.
func (u Usage) ordinal() string {
	if !u.Figures.Year.IsZero() {
		return fmt.Sprintf("（%d年度）", u.Figures.Year.Year())
	}
	if u.Turn > 1 {
		return fmt.Sprintf("（第%d回）", u.Turn)
	}
	return ""
}

// Money is the part of the document about money in, money out and what taking and running cost.
func (u Usage) Money() document.Blocks {
	return append(append(u.moneyIn(), u.moneyOut()...), u.costs()...)
}

// final reports whether collecting is over: a use is then promise against spending, and no longer what came in.
func (u Usage) final() bool {
	switch u.Campaign.Status {
	case campaigns.Closed, campaigns.Reported, campaigns.Stopped:
		return true
	}
	if u.Figures.GoesOn { // a year of a standing call
		return !u.Figures.OnTheWay
	}
	return !u.Plan.CollectsUntil.IsZero() && u.Plan.CollectsUntil.Before(u.Figures.On)
}

// practiceMark stands on every paper of a practice group.
const practiceMark = "【練習】"

func (u Usage) head(kind string) document.Blocks {
	edition := document.Join(document.Day(u.Figures.On), document.Words("　"+EditionName(u.Turn, u.Version)))
	if u.Version > 1 {
		edition = document.Join(edition, document.Words("（訂正版）"))
	}
	kicker := u.Organisation.Name + kind
	if u.Organisation.Practice && !strings.HasPrefix(kicker, practiceMark) { // the names of practice groups have it already
		kicker = practiceMark + kicker
	}
	if u.Draft {
		kicker = "【下書き】　" + kicker
		edition = document.Join(document.Strong("下書き"), document.Words("　まだ公表していません"))
	}
	return document.Blocks{document.Title{Kicker: kicker, Text: u.Plan.Title, Edition: edition}}
}

// glance is the people first, and then the same yen seen four ways.
func (u Usage) glance() document.Blocks {
	if u.yenless() {
		return append(u.goals(), document.Paragraph{Text: document.Strong("お金は集めませんでした（0円）。手伝いと品物だけで行いました。")})
	}
	return append(append(document.Blocks{peopleBlock(u.Figures.Progress.People, "参加した人")}, u.goals()...), u.TotalBar())
}

// TotalBar is the line of all uses together.
func (u Usage) TotalBar() document.Bar {
	p := u.Figures.Progress
	return document.Bar{
		Label: "ぜんぶの使いみち", Total: true, Say: u.spentShare(), Promised: p.Promised, Received: u.Figures.In(), Spent: p.Spent,
		Left: u.Figures.In() - p.Spent,
	}
}

// spentShare says how much of what was there was spent.
func (u Usage) spentShare() string {
	in, spent := u.Figures.In(), u.Figures.Progress.Spent
	if in <= 0 || spent < 0 {
		return ""
	}
	share, err := spent.Mul(1000, int64(in), ledger.HalfUp)
	if err != nil {
		return ""
	}
	return "届いたお金の" + document.Percent(int64(share)).Say(document.Screen) + "を使いました。"
}

func peopleBlock(p campaigns.People, label string) document.People {
	people, few := document.People{Label: label}, []document.Count{}
	for _, c := range []document.Count{
		{Number: int64(p.Persons), Unit: "人"}, {Number: int64(p.Households), Unit: "世帯"},
		{Number: int64(p.Companies), Unit: "社"}, {Number: int64(p.Nameless), Unit: "件"},
	} {
		switch {
		case campaigns.Few(int(c.Number)):
			few = append(few, document.Count{Number: campaigns.Fewest, Unit: c.Unit + "未満"})
		case c.Number > 0:
			people.Counts = append(people.Counts, c)
		}
	}
	switch last := len(people.Counts) - 1; {
	case last < 0:
		people.Counts = few
	case len(few) > 0:
		people.Counts[last].Unit += "・ほか"
	}
	if len(people.Counts) == 0 {
		people.Counts = []document.Count{{Number: 0, Unit: "人"}}
	}
	return people
}

// warnings are what a reader has to know on page one.
func (u Usage) warnings() document.Blocks {
	texts := u.warningTexts()
	if len(texts) == 0 {
		return nil
	}
	return document.Blocks{document.Note{Title: "読む前に、知っておいてください", Texts: texts, Attend: true}}
}

func (u Usage) warningTexts() []document.Text {
	var texts []document.Text
	say := func(parts ...document.Text) { texts = append(texts, document.Join(parts...)) }
	f := u.Figures
	if f.Unchecked > 0 {
		say(document.Strong("確認前　"), document.Words(fmt.Sprintf("ほかの人がまだ確認していない支出が%d件、", f.Unchecked)), document.Yen(f.Progress.Waiting),
			document.Words("あります。「使った」に入っています。"))
	}
	if f.Unposted > 0 {
		say(document.Strong("確認前　"), document.Words(fmt.Sprintf("払うのも確認もこれからの支出が%d件、", f.Unposted)), document.Yen(f.UnpostedAmount),
			document.Words("あります。「使った」には入っていません。"))
	}
	if u.Content.Auditor == "" {
		say(document.Words("第三者の確認はありません。"))
	}
	switch {
	case f.Progress.PendingFew:
		say(document.Strong("未着　"), document.Words("まだ届いていない寄付が少しあります。「届いた」には入っていません。届いたら、次の報告にのせます。"))
	case f.Pending > 0:
		say(document.Strong("未着　"), document.Words(fmt.Sprintf("まだ届いていない寄付が%d件、", f.Pending)), document.Yen(f.Progress.Pending),
			document.Words("あります。「届いた」には入っていません。届いたら、次の報告にのせます。"))
	}
	return texts
}

// Warnings are the same in words, for the screen.
func (u Usage) Warnings() []string {
	var words []string
	for _, text := range u.warningTexts() {
		words = append(words, text.Say(document.Screen))
	}
	return words
}

// changed says what a correction corrects.
func (u Usage) changed() document.Blocks {
	if u.Version < 2 {
		return nil
	}
	note := document.Note{Title: "この報告は訂正版です", Attend: true, Texts: []document.Text{document.Words(orNotStated(u.Content.Changes))}}
	if len(u.Earlier) > 0 {
		note.Texts = append(note.Texts, document.Words(fmt.Sprintf("前の版（第%d版）の番号は %s です。", u.Earlier[0].Version, u.Earlier[0].Number)))
	}
	return document.Blocks{note}
}

func orNotStated(text string) string { return cmp.Or(text, NotStated) }
