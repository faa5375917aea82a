package console

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ShowEvidence sends a piece of evidence.
func (p *Pages) ShowEvidence(w http.ResponseWriter, r *http.Request) error {
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	evidence, err := ledger.FindEvidence(r.Context(), p.DB, desk(r).Organisation.ID, id)
	if err != nil {
		return err
	}
	return p.sendFile(w, r, files.KindEvidence, evidence.FileHash, evidence.Type, "evidence-"+strconv.FormatInt(id, 10))
}

// sendFile sends a kept file of the organisation under the type we gave it, so that nothing in it can act in a browser: it runs no
// script, is of no origin, and nobody guesses another type. A photo is shown, any other file is saved.
func (p *Pages) sendFile(w http.ResponseWriter, r *http.Request, kind files.Kind, hash []byte, mime, name string) error {
	if len(hash) != len(files.Hash{}) || (mime != files.JPEG && mime != files.PDF) {
		return ledger.ErrNotFound
	}
	content, err := p.Files.Read(r.Context(), desk(r).Organisation.ID, kind, files.Hash(hash))
	if errors.Is(err, files.ErrNotFound) {
		return ledger.ErrNotFound
	}
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", mime)
	header.Set("Content-Length", strconv.Itoa(len(content)))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("Cache-Control", "private, no-store")
	if mime == files.JPEG {
		header.Set("Content-Disposition", `inline; filename="`+name+`.jpg"`)
	} else {
		header.Set("Content-Disposition", `attachment; filename="`+name+`.pdf"`)
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(content) // a reader who went away is no error of ours
	return nil
}
