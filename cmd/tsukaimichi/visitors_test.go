package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// visitors use a running program by HTTP alone, as it stood in the release before. Whatever one does must be answered.
type visitors struct {
	at   string // address
	done map[string]*tally
}

// tally says how often something was done.
type tally struct {
	sync.Mutex
	times int
}

func (c *tally) add() { c.Lock(); c.times++; c.Unlock() }

func (c *tally) is() int { c.Lock(); defer c.Unlock(); return c.times }

// runProgram starts a built program in practice and returns its address.
func runProgram(t *testing.T, bin, dir string) (at string, stop func()) {
	t.Helper()
	address, err := rehearsed.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	command := exec.Command(bin, "practice", "--data-dir", dir, "--listen", address)
	command.Stdout, command.Stderr = &said, &said
	if err = command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	stop = sync.OnceFunc(func() {
		_ = command.Process.Signal(syscall.SIGTERM) // it may have ended, which Wait tells
		if err := <-ended; err != nil {
			t.Errorf("the program before ended: %v", err)
		}
		if strings.Contains(said.String(), "level=ERROR") || strings.Contains(said.String(), "panic") {
			t.Errorf("the program before said:\n%s", said.String())
		}
	})
	t.Cleanup(stop)
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		form, _, err := fetch(http.Get("http://" + address + "/c/renshu-yugohan/give"))
		if err == nil && keyOf(form) != "" { // cards are taken a moment after the pages are there
			return "http://" + address, stop
		}
	}
	t.Fatal("the program before does not answer")
	return "", stop
}

// keep does one thing again and again until it may leave.
func (v visitors) keep(ctx context.Context, t *testing.T, name string, visit func(*http.Client) error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Error(err)
		return
	}
	client := &http.Client{Jar: jar, Timeout: 2 * time.Minute}
	for ctx.Err() == nil {
		if err := visit(client); err != nil {
			t.Errorf("%s, number %d: %v", name, v.done[name].is()+1, err)
			return
		}
		v.done[name].add()
		time.Sleep(50 * time.Millisecond)
	}
}

// await waits until everything was done so often more.
func (v visitors) await(t *testing.T, more int) {
	t.Helper()
	want := map[string]int{}
	for name, c := range v.done {
		want[name] = c.is() + more
	}
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		waiting := ""
		for name, c := range v.done {
			if c.is() < want[name] {
				waiting = name
			}
		}
		if waiting == "" {
			return
		}
		if t.Failed() || time.Now().After(deadline) {
			t.Fatalf("%s does not go on", waiting)
		}
	}
}

// fetch returns a page that has to be there, and the address it was found at.
func fetch(response *http.Response, err error) (page, at string, _ error) {
	if err != nil {
		return "", "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %.300s", response.Request.Method, response.Request.URL, response.Status, text(string(body)))
	}
	return string(body), response.Request.URL.String(), err
}

func (v visitors) read(client *http.Client) error {
	for _, path := range []string{"/", "/o/renshu-machi", "/c/renshu-yugohan", "/c/renshu-saimatsu", "/c/renshu-yugohan/give"} {
		if _, _, err := fetch(client.Get(v.at + path)); err != nil {
			return err
		}
	}
	return nil
}

var inputKey = regexp.MustCompile(`name="key" value="([^"]+)"`)

// keyOf reads the key of a form.
func keyOf(page string) string {
	if found := inputKey.FindStringSubmatch(page); found != nil {
		return found[1]
	}
	return ""
}

// give gives by card, less than the twenty times a minute that one address may.
func (v visitors) give(client *http.Client) error {
	defer time.Sleep(3200 * time.Millisecond)
	form, at, err := fetch(client.Get(v.at + "/c/renshu-yugohan/give"))
	if err != nil {
		return err
	}
	_, at, err = fetch(client.PostForm(at, url.Values{"key": {keyOf(form)}, "amount": {"1000"}, "name": {"練習 花子"}, "mail": {"hanako@renshu.example"},
		"display": {"anonymous"}, "receipt": {"mail"}, "terms": {"yes"}, "channel": {"card"}}))
	if err != nil {
		return err
	}
	thanks, at, err := fetch(client.PostForm(at, url.Values{"choice": {"card"}}))
	if err == nil && !strings.Contains(at, "/g/") {
		err = fmt.Errorf("paying leads to %s: %.300s", at, text(thanks))
	}
	return err
}

var personButton = regexp.MustCompile(`(?s)name="person" value="(\d+)".*?</button>`)

// envelope signs in as the treasurer and types an envelope in.
func (v visitors) envelope(client *http.Client) error {
	start, _, err := fetch(client.Get(v.at + "/practice"))
	if err != nil {
		return err
	}
	_, cast, _ := strings.Cut(start, `id="renshu-machi"`)
	person := ""
	for _, button := range personButton.FindAllStringSubmatch(cast, 5) {
		if person == "" && strings.Contains(button[0], "会計") {
			person = button[1]
		}
	}
	if _, _, err = fetch(client.PostForm(v.at+"/practice/become", url.Values{"person": {person}})); err != nil {
		return fmt.Errorf("becoming %q: %w", person, err)
	}
	form, at, err := fetch(client.Get(v.at + "/desk/renshu-machi/gifts/new"))
	if err != nil {
		return err
	}
	today := ledger.DateOf(time.Now()).String()
	page, at, err := fetch(client.PostForm(at, url.Values{"key": {keyOf(form)}, "amount": {"6500"}, "channel": {"envelope"}, "for": {"0-0"}, "counts_as": {"household"}, "counted": {"12"},
		"given_on": {today}, "told_by": {"1班の班長から受け取った"}, "receipt_wanted": {"none"}, "display": {"anonymous"}, "do": {"right"}}))
	if err == nil && strings.HasSuffix(at, "/new") {
		err = errors.New("the envelope is not in the book: " + text(page))
	}
	return err
}
