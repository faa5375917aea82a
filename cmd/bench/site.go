package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// site is a server process that the measurement asks: the program, or the bare one.
type site struct {
	address string
	command *exec.Cmd
	said    *bytes.Buffer
}

// startSite starts a command that will listen at the address and waits until it does.
func startSite(ctx context.Context, address string, command *exec.Cmd) (*site, error) {
	s := &site{address: address, command: command, said: &bytes.Buffer{}}
	command.Stdout, command.Stderr = s.said, s.said
	if err := command.Start(); err != nil {
		return nil, err
	}
	for begun := time.Now(); time.Since(begun) < 30*time.Second; time.Sleep(20 * time.Millisecond) {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return s, conn.Close()
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(fmt.Errorf("%s does not answer", command.Path), s.stop())
}

// stop ends the process, and tells what it said if it ended badly.
func (s *site) stop() error {
	if err := s.command.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("%s ended before: %s", s.command.Path, s.said)
	}
	if err := s.command.Wait(); err != nil {
		return fmt.Errorf("%s: %w: %s", s.command.Path, err, s.said)
	}
	return nil
}

// freeAddress is a port of this machine that nobody listened at a moment ago.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// startBare starts this program again as the bare server, or with a database as the one that keeps a row.
func startBare(ctx context.Context, database ...string) (*site, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return startSite(ctx, address, exec.Command(self, append([]string{"bare", address}, database...)...))
}

// benchSealKey seals what a run seals.
var benchSealKey = strings.Repeat("A", 43) + "="

// startProgram builds the program, migrates the database by it and serves it, all as in production.
func startProgram(ctx context.Context, d *database) (*site, error) {
	return startProgramWith(ctx, d, nil, nil)
}

// startProgramWith does the same with more flags and in another environment; nil is this process's own.
func startProgramWith(ctx context.Context, d *database, flags, environment []string) (*site, error) {
	program := filepath.Join(d.dir, "tsukaimichi")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi")
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w: %s", err, said)
	}
	migrate := exec.CommandContext(ctx, program, "migrate", "--owner-url", d.server.DSN(databaseName, ownerRole), "--app-role", appRole)
	if said, err := migrate.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("migrate: %w: %s", err, said)
	}
	files := filepath.Join(d.dir, "files")
	if err := os.Mkdir(files, 0o755); err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	serve := exec.Command(program, append([]string{"serve", "--listen", address, "--site", "http://" + address, "--files", "file://" + files, "--log", "error",
		"--seal-key", benchSealKey, "--database-url", d.server.DSN(databaseName, appRole),
		"--smtp-host", "127.0.0.1", "--smtp-from", "bench@example.jp", "--smtp-encryption", "none"}, flags...)...)
	serve.Env = environment
	return startSite(ctx, address, serve)
}
