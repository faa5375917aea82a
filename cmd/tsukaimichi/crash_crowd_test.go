package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	mathrand "math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// promised is something the program answered to be done: the key of its form, and the yen.
type promised struct {
	key     string
	yen     int
	receipt bool
	done    bool // of a gift: paid at Stripe; of an expense: another person's check was acknowledged
}

// crowd gives, enters and reads all the time, and remembers what was acknowledged. Who gets no answer tries again with the same form, as people do.
type crowd struct {
	*trial
	over    context.Context
	actors  sync.WaitGroup
	mayFail bool // the database goes away: 503 is an answer

	mu                         sync.Mutex
	gifts, envelopes, expenses []promised
	unanswered, refused, read  int
	longest                    time.Duration // somebody waited for an answer of any sort
}

// gather lets the crowd in. It stays until leave is called.
func (w *trial) gather(mayFail bool) (c *crowd, leave func()) {
	over, cancel := context.WithCancel(context.Background())
	c = &crowd{trial: w, over: over, mayFail: mayFail}
	treasurer, representative := c.signIn(w.treasurer), c.signIn(w.representative)
	c.enter(treasurer, "1000000") // so that no expense finds its fund empty
	for i := range 4 {
		c.repeat(func(n int) { c.give(i*100_000+n, 500+n%7*100) })
	}
	c.repeat(func(n int) { c.enter(treasurer, fmt.Sprint(1000+n%9*10)) })
	for range 2 {
		c.repeat(func(n int) { c.spend(treasurer, representative, 100+n%5*10) })
	}
	c.repeat(func(int) { c.glance(treasurer, "/c/fuyu", "/o/hoshino", "/desk/hoshino", "/desk/hoshino/book") })
	leave = func() { cancel(); c.actors.Wait() }
	w.t.Cleanup(leave)
	return c, leave
}

func (c *crowd) repeat(do func(n int)) {
	c.actors.Go(func() {
		for n := 0; c.over.Err() == nil; n++ {
			do(n)
			time.Sleep(time.Duration(20+mathrand.IntN(60)) * time.Millisecond)
		}
	})
}

// somebody is a browser at a network address of its own.
type somebody struct {
	*http.Client
	address string
}

func (c *crowd) arrive(n int) somebody {
	jar, _ := cookiejar.New(nil) // never fails without options
	client := &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return somebody{client, fmt.Sprintf("203.0.%d.%d", 1+n/250%250, 1+n%250)}
}

// signIn comes in by a link, as an operator gives it.
func (c *crowd) signIn(person int64) somebody {
	c.t.Helper()
	token, err := auth.OneTimeLink(context.Background(), c.db, person, time.Hour, time.Now())
	if err != nil {
		c.t.Fatal(err)
	}
	who := c.arrive(0)
	a, ok := c.once(who, http.MethodPost, "/sign-in/link", filledIn(url.Values{"t": {token}}))
	if !ok || a.status != http.StatusSeeOther {
		c.t.Fatalf("sign-in: %d %s", a.status, text(a.body))
	}
	return who
}

// sent is the body of a request.
type sent struct {
	kind string
	body []byte
}

func filledIn(values url.Values) sent {
	return sent{"application/x-www-form-urlencoded", []byte(values.Encode())}
}

// answered is what came back.
type answered struct {
	status   int
	location string
	body     string
}

// once asks one of the replicas; false when there was no answer.
func (c *crowd) once(who somebody, method, path string, with sent) (answered, bool) {
	at := path
	if !strings.HasPrefix(path, "http") {
		at = c.replicas[mathrand.IntN(len(c.replicas))].at + path
	}
	r, err := http.NewRequest(method, at, bytes.NewReader(with.body))
	if err != nil {
		c.t.Error(err)
		return answered{}, false
	}
	if who.address != "" {
		r.Header.Set("X-Real-IP", who.address)
	}
	if with.kind != "" {
		r.Header.Set("Content-Type", with.kind)
	}
	began := time.Now()
	answer, err := who.Do(r)
	if err != nil {
		return answered{}, false
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	c.mu.Lock()
	c.longest = max(c.longest, time.Since(began))
	c.mu.Unlock()
	if err != nil && answer.StatusCode != http.StatusSeeOther { // the head alone says that it was done
		return answered{}, false
	}
	return answered{answer.StatusCode, answer.Header.Get("Location"), string(body)}, true
}

// persist asks until there is an answer that means something: one of the wanted statuses. Tries counts how often that took.
func (c *crowd) persist(who somebody, method, path string, with sent, wanted ...int) (a answered, tries int, ok bool) {
	for tries = 1; ; tries++ {
		a, ok = c.once(who, method, path, with)
		for _, status := range wanted {
			if ok && a.status == status {
				return a, tries, true
			}
		}
		switch {
		case !ok:
			c.count(&c.unanswered)
		case a.status == http.StatusServiceUnavailable && c.mayFail:
			c.count(&c.refused)
			if !strings.Contains(a.body, "いま、つながりません") || strings.Contains(a.body, "pq:") {
				c.t.Errorf("%s %s: 503 without plain words: %s", method, path, text(a.body))
			}
		default:
			c.t.Errorf("%s %s: %d, try %d: %.600s", method, path, a.status, tries, text(a.body))
			return a, tries, false
		}
		if c.over.Err() != nil {
			return a, tries, false
		}
		time.Sleep(time.Duration(10+mathrand.IntN(40)) * time.Millisecond)
	}
}

func (c *crowd) count(n *int) {
	c.mu.Lock()
	*n++
	c.mu.Unlock()
}

func (c *crowd) note(list *[]promised, p promised) {
	c.mu.Lock()
	*list = append(*list, p)
	c.mu.Unlock()
}

// twice presses the button once more, now and then; the answer must be the same.
func (c *crowd) twice(who somebody, path string, with sent, first answered) {
	if mathrand.IntN(4) > 0 {
		return
	}
	if again, _, ok := c.persist(who, http.MethodPost, path, with, http.StatusSeeOther); ok && again.location != first.location {
		c.t.Errorf("pressed twice, %s led to %s and %s", path, first.location, again.location)
	}
}

// give is a giver with a card: form, payment page, thanks.
func (c *crowd) give(n, yen int) {
	who := c.arrive(n)
	if p, page, ok := c.begin(who, n, yen); ok {
		thanks := c.pay(who, p, page)
		c.persist(who, http.MethodGet, thanks, sent{}, http.StatusOK)
	}
}

// begin fills in the form and returns where to pay.
func (c *crowd) begin(who somebody, n, yen int) (p promised, page string, ok bool) {
	form, _, ok := c.persist(who, http.MethodGet, "/c/fuyu/give", sent{}, http.StatusOK)
	if !ok {
		return p, "", false
	}
	key := hiddenKey.FindStringSubmatch(form.body)
	if key == nil {
		c.t.Error("the form has no key")
		return p, "", false
	}
	p = promised{key: key[1], yen: yen, receipt: n%2 == 0, done: true}
	filled := filledIn(url.Values{"key": {key[1]}, "amount": {fmt.Sprint(yen)}, "name": {"練習 花子"}, "mail": {fmt.Sprintf("kifu%d@renshu.example", n)},
		"display": {"anonymous"}, "receipt": {map[bool]string{true: "mail", false: "none"}[p.receipt]}, "terms": {"yes"}, "channel": {"card"}})
	a, _, ok := c.persist(who, http.MethodPost, "/c/fuyu/give", filled, http.StatusSeeOther)
	if ok {
		c.twice(who, "/c/fuyu/give", filled, a)
	}
	return p, a.location, ok
}

// pay pays on Stripe's page and returns the path of the thanks.
func (c *crowd) pay(who somebody, p promised, page string) string {
	paid, ok := c.once(who, http.MethodPost, page, filledIn(url.Values{"choice": {"card"}}))
	thanks, err := url.Parse(paid.location)
	if !ok || paid.status != http.StatusSeeOther || err != nil {
		c.t.Errorf("the payment page: %d %s, %v", paid.status, text(paid.body), err)
		return "/"
	}
	c.note(&c.gifts, p)
	return thanks.Path
}

// enter is the treasurer with an envelope.
func (c *crowd) enter(who somebody, yen string) {
	key := rand.Text()
	filled := filledIn(url.Values{"key": {key}, "amount": {yen}, "given_on": {c.today()}, "channel": {"envelope"}, "for": {fmt.Sprintf("%d-0", c.campaign)},
		"counts_as": {"household"}, "counted": {"3"}, "display": {"anonymous"}, "receipt_wanted": {"none"}, "told_by": {"1班の班長から"}, "do": {"right"}})
	a, _, ok := c.persist(who, http.MethodPost, "/desk/hoshino/gifts/new", filled, http.StatusSeeOther)
	if !ok {
		return
	}
	var amount int
	_, _ = fmt.Sscan(yen, &amount)
	c.note(&c.envelopes, promised{key: key, yen: amount})
	c.twice(who, "/desk/hoshino/gifts/new", filled, a)
}

var expensePath = regexp.MustCompile(`/desk/hoshino/expenses/\d+`)
var purposeOption = regexp.MustCompile(`<option value="(\d+-\d+-\d+)"[^>]*>[^<]*食材費`)

// spend is the treasurer with a bill and its photo, and another person who checks it.
func (c *crowd) spend(who, other somebody, yen int) {
	page, _, ok := c.persist(who, http.MethodGet, "/desk/hoshino/expenses/new", sent{}, http.StatusOK)
	if !ok {
		return
	}
	purpose := purposeOption.FindStringSubmatch(page.body)
	if purpose == nil {
		c.t.Error("no use to spend for")
		return
	}
	key := rand.Text()
	bill, err := withPaper(url.Values{"key": {key}, "amount": {fmt.Sprint(yen)}, "paid_on": {c.today()}, "payee": {"練習ストア"}, "what": {"大根と米"},
		"lines": {"1"}, "line1_for": {purpose[1]}, "line1_account": {"5240"}, "account": {"1110"}})
	if err != nil {
		c.t.Error(err)
		return
	}
	a, _, ok := c.persist(who, http.MethodPost, "/desk/hoshino/expenses/new", bill, http.StatusSeeOther)
	if !ok {
		return
	}
	p := promised{key: key, yen: yen}
	c.twice(who, "/desk/hoshino/expenses/new", bill, a)
	// Checked before, and nobody heard of it: then the page says so.
	check, tries, ok := c.persist(other, http.MethodPost, expensePath.FindString(a.location)+"/check", filledIn(nil), http.StatusSeeOther, http.StatusUnprocessableEntity, http.StatusConflict)
	if ok && check.status != http.StatusSeeOther && tries == 1 {
		c.t.Errorf("checking: %d %s", check.status, text(check.body))
	}
	p.done = ok
	c.note(&c.expenses, p)
}

// withPaper is a form with a photo of its own.
func withPaper(values url.Values) (sent, error) {
	picture := image.NewGray(image.Rect(0, 0, 60, 80))
	for i := range picture.Pix {
		picture.Pix[i] = uint8(mathrand.IntN(256))
	}
	picture.Set(1, 1, color.Black)
	var body, photo bytes.Buffer
	upload := multipart.NewWriter(&body)
	for name := range values {
		if err := upload.WriteField(name, values.Get(name)); err != nil {
			return sent{}, err
		}
	}
	part, err := upload.CreateFormFile("papers", "bill.png")
	if err != nil {
		return sent{}, err
	}
	if err = png.Encode(&photo, picture); err != nil {
		return sent{}, err
	}
	if _, err = photo.WriteTo(part); err != nil {
		return sent{}, err
	}
	if err = upload.Close(); err != nil {
		return sent{}, err
	}
	return sent{upload.FormDataContentType(), body.Bytes()}, nil
}

// glance reads pages.
func (c *crowd) glance(who somebody, paths ...string) {
	path := paths[mathrand.IntN(len(paths))]
	if _, _, ok := c.persist(who, http.MethodGet, path, sent{}, http.StatusOK); ok {
		c.count(&c.read)
	}
}

func (c *crowd) today() string { return ledger.DateOf(time.Now()).String() }

// done says what the crowd has seen.
func (c *crowd) done(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	t.Logf("acknowledged: %d gifts, %d envelopes, %d expenses, %d pages; no answer %d times, 503 %d times; the longest answer took %v",
		len(c.gifts), len(c.envelopes), len(c.expenses), c.read, c.unanswered, c.refused, c.longest.Round(time.Millisecond))
}
