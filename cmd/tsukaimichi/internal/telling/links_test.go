package telling_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
)

func TestLinkOpensTheLettersOfOneReader(t *testing.T) {
	t.Parallel()
	links := telling.Links{Site: "https://example.jp", Key: []byte("a key of thirty-two bytes, or so")}
	for _, want := range []news.Reader{{DonorID: 12}, {FollowerID: 12}} {
		parts := strings.Split(links.Path(7, want), "/")
		if got, err := links.Read(7, parts[3], parts[4]); got != want || err != nil {
			t.Errorf("%s opens %+v, %v; want %+v", links.Path(7, want), got, err, want)
		}
		other := telling.Links{Key: []byte("another key")}
		for what, err := range map[string]error{
			"another organisation": second(links.Read(8, parts[3], parts[4])),
			"another reader":       second(links.Read(7, parts[3]+"3", parts[4])),
			"another key":          second(other.Read(7, parts[3], parts[4])),
			"no token":             second(links.Read(7, parts[3], "")),
		} {
			if !errors.Is(err, telling.ErrLink) {
				t.Errorf("%s: %v, want it refused", what, err)
			}
		}
	}
}

func second(_ news.Reader, err error) error { return err }
