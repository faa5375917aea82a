package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
)

// mailbox is a mail server that takes every letter and throws it away.
type mailbox struct {
	listener net.Listener
	taken    atomic.Int64
}

func startMailbox(ctx context.Context) (*mailbox, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &mailbox{listener: listener}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go m.take(conn)
		}
	}()
	return m, nil
}

func (m *mailbox) close()       { _ = m.listener.Close() }
func (m *mailbox) count() int64 { return m.taken.Load() }
func (m *mailbox) port() string { return strconv.Itoa(m.listener.Addr().(*net.TCPAddr).Port) }

// take speaks as much SMTP as a letter needs.
func (m *mailbox) take(conn net.Conn) {
	defer conn.Close()
	say := func(line string) { fmt.Fprint(conn, line+"\r\n") }
	say("220 bench")
	letter := false
	for in := bufio.NewScanner(conn); in.Scan(); {
		line := in.Text()
		switch {
		case letter && line == ".":
			letter = false
			m.taken.Add(1)
			say("250 taken")
		case letter:
		case strings.HasPrefix(strings.ToUpper(line), "EHLO"):
			say("250-bench\r\n250 8BITMIME")
		case strings.HasPrefix(strings.ToUpper(line), "DATA"):
			letter = true
			say("354 go on")
		case strings.HasPrefix(strings.ToUpper(line), "QUIT"):
			say("221 bye")
			return
		default:
			say("250 well")
		}
	}
}
