package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
)

// asProgram makes the test binary the program itself, so that it can be killed: what it holds is a task.
const asProgram = "TSUKAIMICHI_TEST_AS_PROGRAM"

// task is what such a process does: serve with these settings, all but Stripe's place as in production; or a subcommand.
type task struct {
	Settings Settings
	Stripe   string
	Command  []string
}

// init comes before any test. A process whose parent is gone ends: nobody would stop it.
func init() {
	text, is := os.LookupEnv(asProgram)
	if !is {
		return
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	if err := carryOut(context.Background(), text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func carryOut(ctx context.Context, text string) error {
	var do task
	if err := json.Unmarshal([]byte(text), &do); err != nil {
		return err
	}
	if len(do.Command) > 0 {
		return run(ctx, do.Command, strings.NewReader(""), os.Stdout, os.Stderr)
	}
	p := &program{Settings: do.Settings, in: strings.NewReader(""), out: os.Stdout, log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	if err := p.forServe(); err != nil {
		return err
	}
	h, err := openProduction(ctx, p, do.Stripe)
	if err != nil {
		return err
	}
	h.till.Limits = payments.UsualLimits
	h.till.Limits.MinuteInAll = 1e6 // the crowd gives more in a minute than a town
	return h.listen(ctx)
}

// process is the program as a process of its own.
type process struct {
	t       *testing.T
	task    task
	at      string // its address
	log     string // the file with all it said, of each life
	mu      sync.Mutex
	command *exec.Cmd
	stdin   io.Closer
}

// newProcess has an address for itself, which will be free after each kill.
func newProcess(t *testing.T, of task) *process {
	t.Helper()
	address, err := rehearsed.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, task: of, log: filepath.Join(t.TempDir(), "log"), at: "http://" + address}
	p.task.Settings.Listen = address
	t.Cleanup(func() {
		p.kill()
		said, _ := os.ReadFile(p.log)
		for _, bad := range []string{"DATA RACE", "panic: ", "msg=panic", "fatal error: "} {
			if bytes.Contains(said, []byte(bad)) {
				t.Errorf("%s said %q", p.at, bad)
			}
		}
		if t.Failed() {
			t.Logf("%s said at last:\n%s", p.at, p.lastWords(6000))
		}
	})
	return p
}

// start returns when the program answers.
func (p *process) start() {
	p.t.Helper()
	p.launch()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		answer, err := http.Get(p.at + "/ping")
		if err != nil {
			continue
		}
		_ = answer.Body.Close()
		return
	}
	p.t.Fatalf("%s does not answer:\n%s", p.at, p.lastWords(3000))
}

func (p *process) launch() {
	p.t.Helper()
	text, err := json.Marshal(p.task)
	if err != nil {
		p.t.Fatal(err)
	}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer log.Close()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), asProgram+"="+string(text))
	command.Stdout, command.Stderr = log, log
	stdin, err := command.StdinPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err = command.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.command, p.stdin = command, stdin
}

// kill is kill -9.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command == nil {
		return
	}
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
	p.command = nil
}

// wait waits for a subcommand to end.
func (p *process) wait() error { return p.command.Wait() }

func (p *process) lastWords(most int) string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-most):])
}
