package sample

import (
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
)

// payeeBox covers the last line of a practice receipt.
var payeeBox = files.Box{Left: 40, Top: 820, Width: 700, Height: 100}

// redact has 担当 paint the payee of an expense's papers over, and the representative look at the copies, or not yet. Without a store there are no papers.
func (w *writer) redact(expense int64, approved bool) {
	if w.store == nil {
		return
	}
	w.do(func() error {
		papers, err := ledger.EvidenceOfExpense(w.ctx, w.tx, w.organisation, expense)
		if err != nil {
			return err
		}
		for _, v := range papers {
			if err = w.redactPaper(v, approved); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *writer) redactPaper(v ledger.Evidence, approved bool) error {
	content, err := w.store.Read(w.ctx, w.organisation, files.KindEvidence, files.Hash(v.FileHash))
	if err != nil {
		return err
	}
	painted, err := files.Redact(content, []files.Box{payeeBox})
	if err != nil {
		return err
	}
	kept, err := w.store.Put(w.ctx, w.organisation, files.KindRedacted, painted)
	if err != nil {
		return err
	}
	id, err := redaction.Prepare(w.ctx, w.tx, redaction.Redaction{OrganisationID: w.organisation, EvidenceID: v.ID, Boxes: 1, FileHash: kept.Hash[:], Size: kept.Size}, w.helper, w.at)
	if err != nil || !approved {
		return err
	}
	return redaction.Approve(w.ctx, w.tx, w.organisation, id, w.head, w.at)
}
