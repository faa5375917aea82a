package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
)

// sized refuses bodies that nobody needs, before any handler reads them, so that no handler can take it for another mistake. limit is that of
// forms with files; any other form has formLimit, however large the limit.
func (s *Server) sized(limit int64) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
			withFiles := kind == "multipart/form-data" && limit > formLimit
			most := min(limit, formLimit)
			if withFiles {
				most = limit
			}
			if r.ContentLength > most {
				// Taken, within reason, for the words in it, and the rest thrown away: a browser that is still sending shows no answer.
				r.Body = io.NopCloser(io.LimitReader(r.Body, 2*most))
				sent(r)
				_, _ = io.Copy(io.Discard, r.Body)
				s.fail(w, r, &http.MaxBytesError{Limit: most})
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, most)
			if r.ContentLength < 0 && !withFiles { // its length was not said
				body, err := io.ReadAll(r.Body)
				var large *http.MaxBytesError
				if errors.As(err, &large) {
					s.fail(w, r, err)
					return
				}
				r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{err}))
			}
			next.ServeHTTP(w, r)
		})
	}
}

// failing ends a body that was read ahead as it ended then.
type failing struct{ err error }

// Read returns the error, or the end.
func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}
