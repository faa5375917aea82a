package public_test

import (
	"io"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
)

func BenchmarkCampaignPage(b *testing.B) {
	renderer, err := page.NewRenderer(page.Site{}, public.Room)
	if err != nil {
		b.Fatal(err)
	}
	shown := sampleCampaign()
	b.ReportAllocs()
	for b.Loop() {
		if err := renderer.Write(io.Discard, shown); err != nil {
			b.Fatal(err)
		}
	}
}
