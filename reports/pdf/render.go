package pdf

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf/finish"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// ErrOverflow says that a one-page edition needs more than a page. It comes as an Overflow, which names what did not fit.
// Nothing is ever left out to make it fit.
var ErrOverflow = errors.New("pdf: does not fit on one page")

// Overflow is ErrOverflow with the blocks that did not fit, in order and in words a person can be shown: 表「届いたお金」.
type Overflow struct{ Blocks []string }

// Error names the blocks.
func (o Overflow) Error() string { return ErrOverflow.Error() + ": " + strings.Join(o.Blocks, "、") }

// Unwrap is ErrOverflow.
func (o Overflow) Unwrap() error { return ErrOverflow }

// ErrPanic says that the library below stumbled over the document. It is a fault to be mended, not a bad input.
var ErrPanic = errors.New("pdf: renderer stumbled")

// Result is a finished PDF.
type Result struct {
	Bytes   []byte
	SHA256  [sha256.Size]byte // of Bytes
	Missing []rune            // characters set as 〓, in order: a person should look before it is sent
	Pages   int
}

// Options choose the edition.
type Options struct {
	// OnePage sets narrower margins and refuses, with ErrOverflow, what does not fit on one sheet.
	OnePage bool
	// Format is the paper and the size of its letters.
	Format Format
}

// Format is a paper and the size of what stands on it.
type Format int

// The formats, each with its smallest letters.
const (
	A4       Format = iota // 12 points
	LargeA4                // 14 points: large print
	PosterA3               // 24 points: read from two steps away
	PosterA4               // the same poster, smaller: 17 points
)

// Render prints the document on as many sheets of A4 as it needs. Its errors are those of document.Check, a picture's, and
// the context's.
func Render(ctx context.Context, d document.Document) (Result, error) {
	return RenderWith(ctx, d, Options{})
}

// RenderWith is Render with a choice of edition; it adds ErrOverflow.
func RenderWith(ctx context.Context, d document.Document, o Options) (result Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = Result{}, fmt.Errorf("%w: %v", ErrPanic, p)
		}
	}()
	l, err := lay(ctx, d, o)
	if err != nil {
		return Result{}, err
	}
	drawn, err := draw(ctx, l)
	if err != nil {
		return Result{}, err
	}
	under := make([][]byte, len(l.pages))
	for i, marks := range l.pages {
		under[i] = l.sheet.enlarged(operators(marks, l.sheet))
	}
	b, err := finish.Finish(drawn, finished(d, l, under))
	if err != nil {
		return Result{}, err
	}
	return Result{b, sha256.Sum256(b), l.types.Missing(), len(l.pages)}, nil
}

// RenderFirst prints the first of several editions of a paper that fits on one sheet, the fullest first; if none does, the last on as many as it
// needs. The letters keep their size.
func RenderFirst(ctx context.Context, editions []document.Document, f Format) (result Result, err error) {
	for i, d := range editions {
		result, err = RenderWith(ctx, d, Options{OnePage: true, Format: f})
		if !errors.Is(err, ErrOverflow) {
			break
		}
		if i == len(editions)-1 {
			result, err = RenderWith(ctx, d, Options{Format: f})
		}
	}
	return result, err
}

func finished(d document.Document, l laid, under [][]byte) finish.Options {
	language := d.Meta.Language
	if language == "" {
		language = "ja"
	}
	o := finish.Options{
		Title: line(d.Meta.Title), Author: line(d.Meta.Author), Subject: line(d.Meta.Subject), Language: language,
		Created: d.Meta.CreatedAt, Font: "NotoSansJP", Codes: l.types.Codes(), Private: l.types.Private(), Under: under,
	}
	for _, a := range d.Attachments {
		o.Files = append(o.Files, finish.File{Name: line(a.Name), Description: line(a.Description), MediaType: a.MediaType, Bytes: a.Bytes})
	}
	return o
}

// line cleans a text that has no lines.
func line(s string) string { return strings.ReplaceAll(typeset.Clean(s), "\n", "　") }
