package pdf

import (
	"bytes"
	"context"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/reports/document/documenttest"
)

func TestUsageReportFitsOnOnePage(t *testing.T) {
	t.Parallel()
	got, err := RenderWith(context.Background(), documenttest.OnePage(), Options{OnePage: true})
	if err != nil {
		t.Fatal(err)
	}
	if got.Pages != 1 || len(got.Missing) > 0 || !bytes.HasPrefix(got.Bytes, []byte("%PDF-1.7")) {
		t.Errorf("got %d pages, missing %q, %d bytes", got.Pages, string(got.Missing), len(got.Bytes))
	}
}
