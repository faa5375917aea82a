package chain

import (
	"context"
	"errors"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Mark is what a paper prints of the log as it was last signed before the paper was made: up to where, the root, and where that can be
// looked up. It is frozen with the paper. The zero Mark is printed by nothing: nothing had been signed yet.
type Mark struct {
	Size int64  `json:"size"`
	Root Hash   `json:"root"`
	Page string `json:"page"` // as people type it: "tsukaimichi.example/o/aoba/log"
}

// IsZero reports whether nothing had been signed.
func (m Mark) IsZero() bool { return m.Size == 0 }

// Digits are the printed digits of the root.
func (m Mark) Digits() string { return m.Root.Digits() }

// Printed is the mark as a proof takes it.
func (m Mark) Printed() Printed { return Printed{Size: m.Size, Root: m.Root} }

// FindMark returns the mark of the newest checkpoint of an organisation, whose public name is slug; the zero Mark where there is none.
func FindMark(ctx context.Context, q sqlx.QueryerContext, organisationID int64, slug string) (Mark, error) {
	c, err := LatestCheckpoint(ctx, q, organisationID)
	if errors.Is(err, ErrNoCheckpoint) {
		return Mark{}, nil
	}
	if err != nil {
		return Mark{}, err
	}
	site, _, _ := strings.Cut(c.Origin, "/log/")
	return Mark{Size: c.Size, Root: c.Root, Page: site + "/o/" + slug + "/log"}, nil
}
