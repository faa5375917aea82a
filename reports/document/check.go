package document

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Expected problems of a document.
var (
	// ErrTooLarge says that the document is past a limit; what a reader cannot read, no one should have to print.
	ErrTooLarge = errors.New("document: too large")
	// ErrUneven says that the facts of a bar, or shares and their total, do not add up.
	ErrUneven = errors.New("document: amounts do not add up")
	// ErrForm says that blocks stand where they may not, or a row has too many or too few cells.
	ErrForm = errors.New("document: badly formed")
)

// The limits Check holds a document to.
const (
	MaxBlocks      = 5_000
	MaxRows        = 10_000    // of all tables together
	MaxLetters     = 2_000_000 // characters of all texts together
	MaxText        = 20_000    // characters of one text
	MaxColumns     = 12        // of one table
	MaxNumber      = 40        // characters of the document's number, which is one line
	MaxPhotos      = 60
	MaxPhotoBytes  = 30 << 20 // of one picture as it came
	MaxAttachments = 20 << 20 // bytes of all files
	MaxQR          = 300      // bytes, so that the squares stay large enough for an old phone
)

// Check reports the first problem of the document: ErrTooLarge, ErrUneven or ErrForm, with the block's place.
func (d Document) Check() error {
	c := check{}
	for _, s := range []string{d.Meta.Title, d.Meta.Author, d.Meta.Subject, d.Meta.Number, d.Meta.URL} {
		if err := c.words(s); err != nil {
			return fmt.Errorf("meta: %w", err)
		}
	}
	if utf8.RuneCountInString(d.Meta.Number) > MaxNumber {
		return fmt.Errorf("meta: %w: number", ErrTooLarge)
	}
	size := 0
	for _, a := range d.Attachments {
		if size += len(a.Bytes); size > MaxAttachments {
			return fmt.Errorf("attachments: %w", ErrTooLarge)
		}
	}
	for i, b := range d.Blocks {
		if err := c.top(i, b, len(d.Blocks)); err != nil {
			return fmt.Errorf("block %d %s: %w", i+1, name(b), err)
		}
	}
	return nil
}

func name(b Block) string {
	if b == nil {
		return "nil"
	}
	return b.Kind()
}

type check struct{ blocks, rows, photos, letters int }

func (c *check) top(i int, b Block, n int) error {
	switch b.(type) {
	case Title:
		if i != 0 {
			return fmt.Errorf("%w: a title comes first", ErrForm)
		}
	case Footer:
		if i != n-1 {
			return fmt.Errorf("%w: a footer comes last", ErrForm)
		}
	}
	return c.block(b)
}

func (c *check) block(b Block) error {
	if c.blocks++; c.blocks > MaxBlocks {
		return ErrTooLarge
	}
	switch b := b.(type) {
	case nil:
		return ErrForm
	case Title:
		return c.all(c.words(b.Kicker), c.words(b.Text), c.texts(b.Edition))
	case Addressee:
		return c.all(c.words(b.Name), c.words(b.Honorific))
	case Heading:
		return c.all(c.words(b.Text), c.words(b.Note))
	case Paragraph:
		return c.texts(b.Text)
	case Note:
		return c.all(c.words(b.Title), c.texts(b.Texts...))
	case People:
		return c.people(b)
	case Facts:
		return c.facts(b)
	case Bar:
		return c.bar(b)
	case Table:
		return c.table(b)
	case Shares:
		return c.shares(b)
	case Proof:
		return c.proof(b)
	case Voice:
		return c.all(c.words(b.Text), c.words(b.By))
	case List:
		return c.texts(b.Items...)
	case Columns:
		return c.all(c.inner(b.Left), c.inner(b.Right))
	case Photo:
		return c.photo(b)
	case QR:
		return c.all(c.qr(b.Text), c.words(b.Caption))
	case Signature:
		return c.all(c.texts(b.Statement), c.words(b.Role), c.words(b.Name), c.stamp(b.Stamp))
	case Boxes:
		if b.Count < 1 || b.Count > MaxBoxes {
			return fmt.Errorf("%w: %d boxes", ErrForm, b.Count)
		}
		return c.words(b.Label)
	case Footer:
		return c.all(c.texts(b.Lines...), c.stamp(b.Stamp), c.qr(b.QR))
	}
	return nil
}

func (c *check) inner(blocks Blocks) error {
	for _, b := range blocks {
		switch b.(type) {
		case Title, Columns, PageBreak, Footer:
			return fmt.Errorf("%w: %s within columns", ErrForm, b.Kind())
		}
		if err := c.block(b); err != nil {
			return err
		}
	}
	return nil
}

func (c *check) table(t Table) error {
	if n := len(t.Columns); n == 0 || n > MaxColumns {
		return fmt.Errorf("%w: %d columns", ErrForm, n)
	}
	if c.rows += len(t.Rows); c.rows > MaxRows {
		return fmt.Errorf("%w: rows", ErrTooLarge)
	}
	for i, r := range t.Rows {
		if len(r.Cells) != len(t.Columns) {
			return fmt.Errorf("%w: row %d has %d cells for %d columns", ErrForm, i+1, len(r.Cells), len(t.Columns))
		}
		if err := c.texts(r.Cells...); err != nil {
			return err
		}
	}
	for _, col := range t.Columns {
		if err := c.words(col.Head); err != nil {
			return err
		}
	}
	return c.all(c.words(t.Name), c.words(t.Caption), c.texts(t.Notes...))
}

func (c *check) bar(b Bar) error {
	if left, err := b.Received.Sub(b.Spent); !b.Settled && (err != nil || left != b.Left) {
		return fmt.Errorf("%w: %q", ErrUneven, b.Label)
	}
	return c.all(c.words(b.Label), c.words(b.How), c.words(strings.Join(b.Terms, "")), c.words(b.Say), c.words(b.Why))
}

// shares must come to their total.
func (c *check) shares(s Shares) error {
	var sum ledger.Yen
	for _, i := range s.Items {
		if err := c.all(c.words(i.Label), c.words(i.Note)); err != nil {
			return err
		}
		var err error
		if sum, err = sum.Add(i.Amount); err != nil {
			return fmt.Errorf("%w: %q", ErrUneven, s.Name)
		}
	}
	if sum != s.Total {
		return fmt.Errorf("%w: %q", ErrUneven, s.Name)
	}
	return c.all(c.words(s.Name), c.words(s.Note))
}

func (c *check) proof(p Proof) error {
	for _, cell := range p.Cells {
		if err := c.all(c.words(cell.Label), c.texts(cell.Value, cell.Note)); err != nil {
			return err
		}
	}
	return c.stamp(p.Stamp)
}

func (c *check) people(p People) error {
	for _, n := range p.Counts {
		if err := c.words(n.Unit); err != nil {
			return err
		}
	}
	return c.words(p.Label)
}

func (c *check) facts(f Facts) error {
	for _, i := range f.Items {
		if err := c.all(c.words(i.Label), c.texts(i.Value)); err != nil {
			return err
		}
	}
	return nil
}

func (c *check) photo(p Photo) error {
	if c.photos++; c.photos > MaxPhotos || len(p.Bytes) > MaxPhotoBytes {
		return fmt.Errorf("%w: photographs", ErrTooLarge)
	}
	return c.all(c.words(p.Alt), c.words(p.Caption))
}

func (c *check) stamp(s *Stamp) error {
	if s == nil {
		return nil
	}
	return c.all(c.words(s.Top), c.words(s.Bottom))
}

func (c *check) qr(s string) error {
	if len(s) > MaxQR {
		return fmt.Errorf("%w: code", ErrTooLarge)
	}
	return nil
}

func (c *check) texts(texts ...Text) error {
	for _, t := range texts {
		n := 0
		for _, s := range t {
			n += utf8.RuneCountInString(s.Text)
		}
		if c.letters += n; n > MaxText || c.letters > MaxLetters {
			return fmt.Errorf("%w: text", ErrTooLarge)
		}
	}
	return nil
}

func (c *check) words(s string) error { return c.texts(Words(s)) }

func (c *check) all(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
