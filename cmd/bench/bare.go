package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/migrations/prepared"
)

// bare answers every request with "ok" until ctx ends: as little as an HTTP server of Go can do. With a database it keeps each body as a row before. It
// is a process of its own, as the program is.
func bare(ctx context.Context, address, dsn string) error {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok")) // a reader who went away is no error of ours
	})
	if dsn != "" {
		db, err := prepared.Open(dsn)
		if err != nil {
			return err
		}
		defer db.Close()
		db.SetMaxOpenConns(20)
		db.SetMaxIdleConns(20)
		handler = keepRow(db)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: handler}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err = server.Serve(listener); ctx.Err() != nil {
		return nil
	}
	return err
}

func keepRow(db *sqlx.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = db.ExecContext(r.Context(), `INSERT INTO bare_row (payload) VALUES ($1)`, string(body))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write([]byte("ok"))
	}
}
