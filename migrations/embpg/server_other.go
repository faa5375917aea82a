//go:build !unix

package embpg

import "context"

// Server is a running private PostgreSQL; there is none on this system.
type Server struct{ address }

// Start returns ErrUnsupported.
func Start(context.Context, Options) (*Server, error) { return nil, ErrUnsupported }

// Done is closed when the server has ended.
func (s *Server) Done() <-chan struct{} { return nil }

// Stop does nothing.
func (s *Server) Stop(context.Context) error { return nil }

// Remove returns ErrUnsupported.
func Remove(context.Context, string) error { return ErrUnsupported }
