package reporting

import (
	"context"
	"errors"
	"mime/multipart"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// keepPhotos keeps the photos that came with a form and adds them to the content. Each is drawn anew, so that place and camera are gone.
// What is not fit is noted, and the rest is kept all the same. Hashes the form carries along that are not kept here are dropped.
func (p *Pages) keepPhotos(r *http.Request, t typed, organisationID int64, c *reports.Content) (added int, err error) {
	known := map[string]bool{}
	kept := c.Photos[:0]
	for _, photo := range c.Photos {
		is, err := p.kept(r.Context(), organisationID, photo.Hash)
		if err != nil {
			return 0, err
		}
		if is && !known[photo.Hash] {
			kept = append(kept, photo)
			known[photo.Hash] = true
		}
	}
	c.Photos = kept
	if r.MultipartForm == nil {
		return 0, nil
	}
	for _, header := range r.MultipartForm.File["photos"] {
		if header.Size == 0 && header.Filename == "" {
			continue
		}
		if len(c.Photos) == reports.MaxPhotos {
			t.bad.Need(false, "photos", "report.photos_too_many")
			break
		}
		hash, err := p.keepPhoto(r.Context(), organisationID, header)
		var refused files.Refused
		if errors.As(err, &refused) {
			t.bad.Need(false, "photos", string(refused))
			continue
		}
		if err != nil {
			return added, err
		}
		if !known[hash] {
			c.Photos = append(c.Photos, reports.Photo{Hash: hash})
			known[hash] = true
			added++
		}
	}
	return added, nil
}

func (p *Pages) keepPhoto(ctx context.Context, organisationID int64, header *multipart.FileHeader) (string, error) {
	f, err := header.Open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	content, err := files.Upload(f)
	if err != nil {
		return "", err
	}
	clean, err := files.Photo(content)
	if err != nil {
		return "", err
	}
	file, err := p.Files.Put(ctx, organisationID, files.KindPhoto, clean)
	return file.Hash.String(), err
}

// kept reports whether the organisation keeps a photo of that hash.
func (p *Pages) kept(ctx context.Context, organisationID int64, text string) (bool, error) {
	hash, err := files.ParseHash(text)
	if err != nil {
		return false, nil // not a hash of ours
	}
	reader, err := p.Files.Open(ctx, organisationID, files.KindPhoto, hash)
	if errors.Is(err, files.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, reader.Close()
}

// forget deletes a photo that was taken out, unless another report or an update names it.
func (p *Pages) forget(ctx context.Context, organisationID int64, text string) error {
	hash, err := files.ParseHash(text)
	if err != nil {
		return nil // not a hash of ours
	}
	named, err := reports.PhotoNamed(ctx, p.DB, organisationID, text)
	if err != nil || named {
		return err
	}
	if named, err = news.PhotoNamed(ctx, p.DB, organisationID, text); err != nil || named {
		return err
	}
	return p.Files.Delete(ctx, organisationID, files.KindPhoto, hash)
}
