package files

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pdfActions are the action types (ISO 32000-1, 12.6.4) that run a program, fetch a file or send one away.
var pdfActions = []string{"JavaScript", "Launch", "ImportData", "SubmitForm", "Rendition"}

// pdfKeys are dictionary keys that bring a program or another file along.
var pdfKeys = []string{"JavaScript", "JS", "EmbeddedFiles", "RichMediaContent", "XFA"}

// pdfSettings are read-only; pdfcpu would otherwise write a folder into the home of whoever runs it.
var pdfSettings = sync.OnceValue(func() model.Configuration {
	api.DisableConfigDir()
	settings := *model.NewDefaultConfiguration()
	settings.ValidationMode = model.ValidationRelaxed
	settings.Offline = true
	settings.Limits.MaxStreamBytes = MaxBytes
	settings.Limits.MaxDecodeBytes = 8 * MaxBytes
	settings.Limits.MaxObjectCount = 500_000
	settings.Limits.MaxXRefEntries = 500_000
	return settings
})

// quietPDF returns nil for a PDF that opens without a password and does nothing by itself; otherwise a Refused. It
// looks at every object of the file, used or not, and does not judge whether the pages are well made.
func quietPDF(content []byte) (err error) {
	defer func() {
		if recover() != nil { // a hostile file may find a hole in the parser; it is refused, not served
			err = Unreadable
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	settings := pdfSettings()
	pdf, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(content), &settings)
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword), errors.Is(err, pdfcpu.ErrEncrypted):
		return PDFLocked
	case err != nil:
		return Unreadable
	}
	pages := false
	for _, entry := range pdf.XRefTable.Table {
		if entry == nil || entry.Free {
			continue
		}
		object := entry.Object
		if packed, ok := object.(types.LazyObjectStreamObject); ok {
			if object, err = packed.DecodedObject(ctx); err != nil {
				return Unreadable
			}
		}
		if active(object, 0) {
			return PDFActive
		}
		pages = pages || isPage(object)
	}
	if !pages {
		return Unreadable
	}
	return nil
}

// active looks through one object; a reference in it leads to an object that is looked at by itself.
func active(object types.Object, depth int) bool {
	if depth > 100 {
		return true // no honest file nests so deep
	}
	switch o := object.(type) {
	case types.Name:
		return depth == 0 && isName(o, pdfActions) // an action that names its type by reference
	case types.Dict:
		for key, value := range o {
			if slices.Contains(pdfKeys, key) || (key == "S" && isName(value, pdfActions)) || active(value, depth+1) {
				return true
			}
		}
	case types.Array:
		return slices.ContainsFunc(o, func(item types.Object) bool { return active(item, depth+1) })
	case types.StreamDict:
		return active(o.Dict, depth+1)
	case types.ObjectStreamDict:
		return active(o.Dict, depth+1)
	}
	return false
}

func isName(object types.Object, names []string) bool {
	name, ok := object.(types.Name)
	return ok && slices.Contains(names, string(name))
}

func isPage(object types.Object) bool {
	dict, ok := object.(types.Dict)
	return ok && isName(dict["Type"], []string{"Page"})
}
