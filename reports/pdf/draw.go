package pdf

import (
	"context"
	"fmt"

	"github.com/johnfercher/go-tree/node"
	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/page"
	grid "github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/config"
	"github.com/johnfercher/maroto/v2/pkg/consts/align"
	"github.com/johnfercher/maroto/v2/pkg/consts/extension"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/core/entity"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"github.com/phpdave11/gofpdf"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// The setting is of the whole process, so it is made once, before any document.
func init() { gofpdf.SetDefaultCatalogSort(true) }

const family = "type"

// draw has maroto draw the letters and photographs of each page. A page is one row of one column whose component puts
// everything in its place, so that the library's own layout has nothing to decide.
func draw(ctx context.Context, l laid) ([]byte, error) {
	font := []*entity.CustomFont{{Family: family, Style: fontstyle.Normal, Bytes: l.types.Font()}}
	m := maroto.New(config.NewBuilder().
		WithDimensions(l.sheet.width*l.sheet.times, l.sheet.height*l.sheet.times).
		WithLeftMargin(0).WithTopMargin(0).WithRightMargin(0).WithBottomMargin(0).
		WithCompression(false). // package finish reads the pages
		WithCustomFonts(font).WithDefaultFont(&props.Font{Family: family, Size: body}).
		Build())
	for _, marks := range l.pages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m.AddPages(page.New().Add(grid.New(l.sheet.height*l.sheet.times - 0.1).Add(col.New().Add(canvas{marks, l.sheet.times}))))
	}
	made, err := m.Generate()
	if err != nil {
		return nil, fmt.Errorf("maroto: %w", err)
	}
	return made.GetBytes(), nil
}

// canvas is a maroto component that draws marks where they are, that many times as large.
type canvas struct {
	marks []mark
	times float64
}

func (c canvas) SetConfig(*entity.Config) {}

func (c canvas) GetHeight(core.Provider, *entity.Cell) float64 { return 0 }

func (c canvas) GetStructure() *node.Node[core.Structure] {
	return node.New(core.Structure{Type: "canvas"})
}

func (c canvas) Render(p core.Provider, _ *entity.Cell) {
	for _, m := range c.marks {
		x, y := m.x*c.times, m.y*c.times
		switch m.kind {
		case letters:
			// maroto puts the baseline one em below the cell's top, and breaks what is as wide as the cell.
			size := m.size * c.times
			em := size * typeset.MM
			p.AddText(m.line.Codes, &entity.Cell{X: x, Y: y - em, Width: m.line.Width*c.times + em, Height: em},
				&props.Text{Family: family, Style: fontstyle.Normal, Size: size, Align: align.Left, Color: m.colour.prop()})
		case photo:
			whole := props.Rect{Percent: 100}
			whole.MakeValid()
			p.AddImageFromBytes(m.jpeg, &entity.Cell{X: x, Y: y, Width: m.w * c.times, Height: m.h * c.times}, &whole, extension.Jpg)
		}
	}
}

func (c colour) prop() *props.Color {
	return &props.Color{Red: int(c[0]), Green: int(c[1]), Blue: int(c[2])}
}
