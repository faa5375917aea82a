package reporting_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
)

// TestPagesFitASmallScreenAndLargeText opens every page of the room as a reader with a small screen does.
func TestPagesFitASmallScreenAndLargeText(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	pages := map[string]string{}
	see := func(name, path string) { pages[name] = r.get(head, path).says(http.StatusOK).body }
	seen := r.get(treasurer, r.at("")).hidden()
	r.upload(treasurer, r.at(""), with(r.words(seen), "voice1_text", "週に一度の楽しみです。", "voice1_consent", "yes"), photo(t, 0xee)).sent()
	see("builder", r.at(""))
	see("lacking", r.at("/publish"))
	values := with(r.words(r.get(treasurer, r.at("")).hidden()), "photo1_alt", "お弁当", "photo1_consent", "yes")
	r.post(treasurer, r.at(""), values).sent()
	see("preview", r.at("/preview"))
	see("publish", r.at("/publish"))
	see("list", r.desk("/reports"))
	r.post(head, r.at("/publish"), with(r.get(head, r.at("/publish")).hidden(), "agree", "yes")).sent()
	see("published", r.at(""))
	r.post(treasurer, r.at("/correct"), url.Values{"changes": {"直しました。"}}).sent()
	see("correction", r.at(""))
	pagetest.Browse(t, pages)
}
