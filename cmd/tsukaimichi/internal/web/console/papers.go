package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

const (
	// papersAtOnce is the most photos or PDFs one form takes.
	papersAtOnce = 10
	// uploadBytes is the most a form with papers may be: several large ones, not ten of the largest.
	uploadBytes = 3*files.MaxBytes + formBytes
	// uploadMemory is what is held in memory of it; the rest waits on disk.
	uploadMemory = 8 << 20
)

// readUpload reads a form with files. What is wrong with its size is said at the files, and what was typed beside them comes back.
func readUpload(w http.ResponseWriter, r *http.Request) (typed, error) {
	if r.ContentLength > uploadBytes {
		return typed{files.Typed(r), ledger.Invalid{}}, files.TooLarge
	}
	r.Body = http.MaxBytesReader(w, r.Body, uploadBytes)
	err := r.ParseMultipartForm(uploadMemory)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return typed{url.Values{}, ledger.Invalid{}}, files.TooLarge
	case errors.Is(err, http.ErrNotMultipart): // the same form without files
		return readForm(w, r)
	case err != nil:
		return typed{url.Values{}, ledger.Invalid{}}, ledger.Invalid{"": "form.expired"}
	}
	return typed{r.PostForm, ledger.Invalid{}}, nil
}

// keepPapers keeps the files of the form, as far as they are fit, and returns their hashes after those the form carried along from
// an earlier try. What is not fit is noted, and the rest is kept all the same.
func (p *Pages) keepPapers(r *http.Request, t typed) ([]files.Hash, error) {
	var kept []files.Hash
	for _, text := range t.Values["kept"] {
		if hash, err := files.ParseHash(text); err == nil && len(kept) < papersAtOnce {
			kept = append(kept, hash)
		}
	}
	if r.MultipartForm == nil {
		return kept, nil
	}
	for _, header := range r.MultipartForm.File["papers"] {
		if header.Size == 0 && header.Filename == "" {
			continue
		}
		if len(kept) == papersAtOnce {
			t.bad.Need(false, "papers", "console.too_many_papers")
			break
		}
		file, err := p.Files.Receive(r.Context(), desk(r).Organisation.ID, files.KindEvidence, header)
		var refused files.Refused
		if errors.As(err, &refused) {
			t.bad.Need(false, "papers", string(refused))
			continue
		}
		if err != nil {
			return nil, err
		}
		kept = append(kept, file.Hash)
	}
	return kept, nil
}

// addPapers puts kept files beside an expense; those that are there already stay alone.
func (p *Pages) addPapers(ctx context.Context, tx *sqlx.Tx, d Desk, expenseID int64, kept []files.Hash) error {
	if err := alone(ctx, tx, d.Organisation.ID, fmt.Sprintf("papers of expense %d", expenseID)); err != nil {
		return err
	}
	there, err := ledger.EvidenceOfExpense(ctx, tx, d.Organisation.ID, expenseID)
	if err != nil {
		return err
	}
	known := func(hash files.Hash) bool {
		for _, v := range there {
			if bytes.Equal(v.FileHash, hash[:]) {
				return true
			}
		}
		return false
	}
	for _, hash := range kept {
		if known(hash) {
			continue
		}
		mime, size, err := p.look(ctx, d.Organisation.ID, hash)
		if errors.Is(err, files.ErrNotFound) {
			continue // the form named what is not ours
		}
		if err != nil {
			return err
		}
		v := ledger.Evidence{OrganisationID: d.Organisation.ID, ExpenseID: expenseID, FileHash: hash[:], Type: mime, Size: size}
		if _, err = ledger.AddEvidence(ctx, tx, v, d.By(), d.Now); err != nil {
			return err
		}
		there = append(there, v)
	}
	return nil
}

func (p *Pages) look(ctx context.Context, organisationID int64, hash files.Hash) (mime string, size int64, err error) {
	reader, err := p.Files.Open(ctx, organisationID, files.KindEvidence, hash)
	if err != nil {
		return "", 0, err
	}
	return reader.Type, reader.Size, reader.Close()
}

// Papers is the field for photos and PDFs.
type Papers struct {
	ID      string
	Label   string
	Problem string
	Focus   bool
	Kept    []string // hashes of files the form carries along
}
