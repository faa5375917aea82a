package erasing

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed query/needed.sql
var neededSQL string

// Sweep takes the dropped files of an organisation out of the store. Stopped at any point it goes on at the next call.
func (e *Eraser) Sweep(ctx context.Context, organisationID int64) error {
	for {
		dropped, err := ledger.DroppedFiles(ctx, e.DB, organisationID)
		if err != nil || len(dropped) == 0 {
			return err
		}
		for _, f := range dropped {
			if err = e.remove(ctx, organisationID, f); err != nil {
				return err
			}
		}
	}
}

// remove deletes the bytes unless another row of the organisation still names them, and notes that it looked.
func (e *Eraser) remove(ctx context.Context, organisationID int64, f ledger.DroppedFile) error {
	var needed bool
	err := e.DB.GetContext(ctx, &needed, neededSQL, organisationID, f.Kind, f.Hash)
	if err != nil {
		return fmt.Errorf("file %x: %w", f.Hash, err)
	}
	if !needed {
		var hash files.Hash
		copy(hash[:], f.Hash)
		if err = e.Files.Delete(ctx, organisationID, files.Kind(f.Kind), hash); err != nil {
			return err
		}
	}
	return ledger.FileGone(ctx, e.DB, organisationID, f, e.Now())
}
