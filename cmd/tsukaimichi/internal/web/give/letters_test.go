package give

import (
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Samples of pages that only this package can build, for the tests beside it.
func SampleLetters(kind string, done bool, quiet ...news.Kind) page.Page {
	l := lettersOf{organisation: ledger.Organisation{Name: "みどり町ふれあい食堂（練習）"}, reader: news.Reader{DonorID: 1}, quiet: map[news.Kind]bool{}}
	for _, k := range quiet {
		l.quiet[k] = true
	}
	return newLettersPage(l, "/letters/1/g1/rensyu", kind, done)
}

// SampleFollower is the page of a follower.
func SampleFollower(status string) page.Page {
	return newLettersPage(lettersOf{reader: news.Reader{FollowerID: 1}, follower: news.Follower{Status: status}, title: "冬の夕ごはん（練習）"}, "/letters/1/f1/rensyu", "", false)
}

// SampleNews is an update for givers alone.
func SampleNews() page.Page {
	return NewsPage{Public: page.Public{Title: "お礼", Private: true}, Update: page.Update{Title: "お礼", Tag: forGivers, On: ledger.NewDate(2026, time.November, 24), By: "練習 花子", Text: "ありがとうございました。"},
		Back: page.Link{Href: "/g/rensyu/gift", Text: "もどる"}}
}

func TestReaderOfALetterIsOfferedToStopItsKindOnce(t *testing.T) {
	t.Parallel()
	p := SampleLetters("news", false).(LettersPage)
	if p.Kind != "news" || p.StopNow != "「活動だより」のメールをやめる" || !p.Kinds.Options[0].Chosen {
		t.Errorf("the page offers %+v", p)
	}
	for _, p := range []LettersPage{SampleLetters("news", true, news.News).(LettersPage), SampleLetters("receipt", false).(LettersPage)} {
		if p.Kind != "" || p.StopNow != "" {
			t.Errorf("%q is offered to stop %q", p.StopNow, p.Kind)
		}
	}
}
