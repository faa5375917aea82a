package main

import (
	"context"
	"net"
	"net/http"
	"time"
)

// bare answers every request with "ok" until ctx ends: as little as an HTTP server of Go can do. It is a process of its own, as the
// program is.
func bare(ctx context.Context, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok")) // a reader who went away is no error of ours
	})}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err = server.Serve(listener); ctx.Err() != nil {
		return nil
	}
	return err
}
