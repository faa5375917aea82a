package files

import (
	"context"
	"mime/multipart"
)

// Receive keeps a photo or a PDF that somebody sends, cleaned as Evidence cleans it. A Refused says why it is not fit.
func (s *Store) Receive(ctx context.Context, organisationID int64, kind Kind, sent *multipart.FileHeader) (File, error) {
	f, err := sent.Open()
	if err != nil {
		return File{}, err
	}
	defer func() { _ = f.Close() }()
	content, err := Upload(f)
	if err != nil {
		return File{}, err
	}
	clean, _, err := Evidence(content)
	if err != nil {
		return File{}, err
	}
	return s.Put(ctx, organisationID, kind, clean)
}
