package papers

import (
	"context"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// Paper prints a document that is kept by nobody: a worksheet, a draft of an application. What could not be set is seen on it as 〓.
func (p *Press) Paper(ctx context.Context, d document.Document) ([]byte, error) {
	printed, err := pdf.Render(ctx, d)
	return printed.Bytes, err
}
