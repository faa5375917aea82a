package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// reader asks for one page over and over on a connection that stays open, with as little work of its own as it can, since it
// shares the cores with whom it asks.
type reader struct {
	request []byte
	conn    net.Conn
	in      *bufio.Reader
	down    int64 // bytes that came, headers included
	wants   int   // status of the answer
	tag     string
}

// Read counts what comes.
func (r *reader) Read(p []byte) (int, error) {
	n, err := r.conn.Read(p)
	r.down += int64(n)
	return n, err
}

// newReader connects. compressed says whether it understands gzip, as browsers do.
func newReader(ctx context.Context, address, path string, compressed bool) (*reader, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	request := "GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\n"
	if compressed {
		request += "Accept-Encoding: gzip\r\n"
	}
	r := &reader{request: []byte(request + "\r\n"), conn: conn, wants: http.StatusOK}
	r.in = bufio.NewReaderSize(r, 64<<10)
	return r, nil
}

// remember has the reader read the page once, and ask from then on as somebody who has it: the answer is to be 304.
func (r *reader) remember() error {
	if err := r.read(io.Discard); err != nil {
		return err
	}
	if r.tag == "" {
		return fmt.Errorf("%s: has no validator", strings.Fields(string(r.request))[1])
	}
	r.request = []byte(strings.TrimSuffix(string(r.request), "\r\n") + "If-None-Match: " + r.tag + "\r\n\r\n")
	r.wants = http.StatusNotModified
	return nil
}

// read asks once, copies the body to out and fails on any status but the one it wants.
func (r *reader) read(out io.Writer) error {
	if err := r.conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	if _, err := r.conn.Write(r.request); err != nil {
		return err
	}
	response, err := http.ReadResponse(r.in, nil)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, response.Body)
	if closing := response.Body.Close(); err == nil {
		err = closing
	}
	r.tag = response.Header.Get("ETag")
	if err == nil && response.StatusCode != r.wants {
		err = fmt.Errorf("%s: %s", strings.Fields(string(r.request))[1], response.Status)
	}
	return err
}

// text is the page as a person would get it.
func text(ctx context.Context, address, path string, compressed bool) (string, error) {
	r, err := newReader(ctx, address, path, compressed)
	if err != nil {
		return "", err
	}
	defer r.conn.Close()
	var body strings.Builder
	if err = r.read(&body); err != nil || !compressed {
		return body.String(), err
	}
	plain, err := gzip.NewReader(strings.NewReader(body.String()))
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	all, err := io.ReadAll(plain)
	return string(all), err
}
