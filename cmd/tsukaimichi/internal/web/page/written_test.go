package page_test

import (
	"net/url"
	"reflect"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// TestWrittenIsWhatAPersonTyped: sentences and words, not what a page carries along.
func TestWrittenIsWhatAPersonTyped(t *testing.T) {
	t.Parallel()
	text := "雨の日は、となりの集会所をかりました。"
	got := page.NewWritten(url.Values{
		"did": {text + "\x00\x07\r\n来月も、つづけます。 "}, "again": {text + "\n来月も、つづけます。"}, "hash": {"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}, "revision": {"3"}, "seen": {`{"did":"雨の日は、となりの集会所をかりました。"}`}, "do": {"save"},
		"take": {"need\x1f団体のことを書いた、とても長い、まえの文です。"}, "item": {"お米", "", "野菜"}, "price": {"15,000", "", "3000"}, "amount": {"40,000円"}, "code": {"0123 4567 8901 2345 6789 0123"}, "wide": {"０１２３　４５６７　８９０１　２３４５　６７８９　０１２３"}, "title": {"冬の夕ごはん"},
	})
	want := page.Written{Texts: []string{text + "\n来月も、つづけます。"}, Words: "お米　野菜\n15,000　3000\n冬の夕ごはん"}
	if !reflect.DeepEqual(got, want) || !got.Some() {
		t.Errorf("%+v; want %+v", got, want)
	}
	if nothing := page.NewWritten(url.Values{"do": {"remove"}, "id": {"12"}}); nothing.Some() {
		t.Errorf("a form with a button alone: %+v; want nothing", nothing)
	}
}
