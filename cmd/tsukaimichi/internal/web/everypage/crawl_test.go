package everypage

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
)

// How often pages of one shape are fetched for each kind of visitor, and how often they are looked at in the browser: at least a few, and then those
// built from other parts than any before.
const (
	fetches    = 4
	leastLooks = 1
	mostLooks  = 2
	sends      = 1 // of an empty form
)

// sight is a page that a link led to.
type sight struct {
	by      *chromium.Visitor
	address string
	shape   string
	first   bool // of its shape: looked at with keys and without scripts as well
	form    form // to send empty
}

// crawl follows links from where visitors begin until there is no new one. Pages are found, not listed.
type crawl struct {
	t       *testing.T
	client  *http.Client
	fetched map[string]bool
	shapes  map[string]int // fetches of a shape by a kind of visitor
	looked  map[string]int
	pages   []sight
	forms   []sight
	sent    map[string]int               // forms by a kind of visitor
	members map[string]bool              // every address behind the door
	cookies map[*chromium.Visitor]string // of members
	mutex   sync.Mutex
	said    map[string]bool
	alone   bool // only the tab in front can be photographed
}

func TestMain(m *testing.M) { rehearsed.Main(m) }

// TestEveryPage crawls the program with its sample organisations as everybody and as every role. Each page has to be there, to be in order, to
// fit its reader, and to say kindly what is wrong when a form comes in empty.
func TestEveryPage(t *testing.T) {
	x := &chromium.Examiner{Axe: chromium.Axe(t), Shots: os.Getenv("TSUKAIMICHI_SHOTS")}
	chromium.Browser(t)
	at := rehearsed.Begin(t)
	publishOne(t, at)
	began := time.Now()
	c := &crawl{t: t, client: &http.Client{Timeout: chromium.Within}, fetched: map[string]bool{}, shapes: map[string]int{}, looked: map[string]int{}, sent: map[string]int{}, members: map[string]bool{}, cookies: map[*chromium.Visitor]string{},
		said: map[string]bool{}, alone: x.Shots != ""}
	everybody := chromium.Arrive(t, "だれでも", at)
	c.from(everybody, "/", "/practice", "/practice/mail")
	c.frontAgrees(everybody)
	visitors := append([]*chromium.Visitor{everybody}, c.roles(at)...)
	for _, v := range visitors[1:] {
		c.from(v, v.Home)
	}
	t.Logf("%v: %d addresses, %d pages to look at", time.Since(began).Round(time.Second), len(c.fetched), len(c.pages))
	c.lookAtAll(x)
	t.Logf("%v: looked at", time.Since(began).Round(time.Second))
	c.portray(x, everybody)
	c.refusals(x, visitors)
	c.emptyForms(x)
	t.Logf("%v: done", time.Since(began).Round(time.Second))
	if t.Failed() {
		t.Log(rehearsed.Said())
	}
}

var campaignInList = regexp.MustCompile(`(?s)^(/c/[^"]+)">.*?約束 ([0-9,]+)円のうち、([0-9,]+)円が届き、([0-9,]+)円を使いました`)

// frontAgrees compares the figures in the list of campaigns with those on their own pages.
func (c *crawl) frontAgrees(v *chromium.Visitor) {
	c.t.Helper()
	open := func(path string) string {
		_, body, err := c.get(v.At+path, "")
		if err != nil {
			c.t.Fatal(err)
		}
		return string(body)
	}
	var listed [][]string
	for _, item := range strings.Split(open("/"), `<a class="textlink" href="`)[1:] {
		if l := campaignInList.FindStringSubmatch(item); l != nil {
			listed = append(listed, l) // one that collects no yen has none
		}
	}
	if len(listed) == 0 {
		c.t.Error("the front page lists no figures")
	}
	for _, l := range listed {
		page := words(open(l[1]))
		if want := fmt.Sprintf("約束 %s 円 届いた %s 円 使った %s 円", l[2], l[3], l[4]); !strings.Contains(page, want) {
			c.t.Errorf("the front page says of %s %q, its own page %.400s", l[1], want, page)
		}
	}
}

var tags = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]*>`)

// words is what a reader sees of a page.
func words(page string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(page, " ")), " ")
}

// from fetches what can be reached from the addresses.
func (c *crawl) from(v *chromium.Visitor, paths ...string) {
	c.t.Helper()
	var queue []string
	for _, path := range paths {
		queue = append(queue, v.At+path)
	}
	for len(queue) > 0 {
		address := queue[0]
		queue = queue[1:]
		if c.fetched[v.Name+address] {
			continue
		}
		c.fetched[v.Name+address] = true
		queue = append(queue, c.fetch(v, address)...)
	}
}

// fetch gets one address, if there were not enough of its shape, and returns where it leads to.
func (c *crawl) fetch(v *chromium.Visitor, address string) (further []string) {
	u, err := url.Parse(address)
	if err != nil {
		c.t.Error(err)
		return nil
	}
	key := v.Name + shape(u)
	inside := strings.HasPrefix(u.Path, "/desk") || strings.HasPrefix(u.Path, "/account") || strings.HasPrefix(u.Path, "/confirm")
	if c.shapes[key] >= fetches || (inside && v.Home == "/") || (!inside && v.Home != "/") {
		return nil // members see what is behind the door; everybody saw the rest
	}
	c.shapes[key]++
	response, body, err := c.get(address, c.cookies[v])
	if err != nil {
		c.t.Error(err)
		return nil
	}
	if inside {
		c.members[address] = true
	}
	where := v.Name + " " + u.RequestURI()
	if response.StatusCode != http.StatusOK {
		c.t.Errorf("%s: %s", where, response.Status)
		return nil
	}
	kind := response.Header.Get("Content-Type")
	if !strings.HasPrefix(kind, "text/html") {
		c.report(sight{by: v, address: address, shape: shape(u)}, file(u, kind, body))
		return nil
	}
	faults := pagetest.Faults(string(body))
	if !bytes.Contains(body, []byte(`href="/misuse"`)) && !strings.HasPrefix(u.Path, "/practice/stripe/") {
		faults = append(faults, "nothing leads to what a giver can do about misuse")
	}
	c.report(sight{by: v, address: address, shape: shape(u)}, faults)
	found := read(response.Request.URL, body)
	kinds := shape(u) + found.parts
	if c.looked[shape(u)] < leastLooks || c.looked[kinds] == 0 && c.looked[shape(u)] < mostLooks {
		c.pages = append(c.pages, sight{by: v, address: address, shape: shape(u), first: c.looked[shape(u)] == 0})
		c.looked[shape(u)]++
		c.looked[kinds]++
	}
	for _, f := range found.forms {
		if key := "form " + f.action; c.sent[f.action+v.Name] == 0 && c.looked[key] < sends {
			c.sent[f.action+v.Name]++
			c.looked[key]++
			c.forms = append(c.forms, sight{by: v, address: address, shape: shape(u), form: f})
		}
	}
	return found.links
}

func (c *crawl) get(address, cookies string) (*http.Response, []byte, error) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, err
	}
	if cookies != "" {
		request.Header.Set("Cookie", cookies)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

// roles are the people one can be in practice, one for each role in each organisation. They come in by the button of the page.
func (c *crawl) roles(at string) []*chromium.Visitor {
	c.t.Helper()
	looking, closeTab, err := chromium.Arrive(c.t, "練習", at).Open()
	if err != nil {
		c.t.Fatal(err)
	}
	defer closeTab()
	if _, err = looking.Navigate(at + "/practice"); err != nil {
		c.t.Fatal(err)
	}
	people, err := chromium.Ask[[]struct{ ID, Text string }](looking, `[...document.querySelectorAll("input[name=person]")].map(e => ({ID: e.value, Text: e.form.textContent.trim()}))`)
	if err != nil {
		c.t.Fatal(err)
	}
	var all []*chromium.Visitor
	known := map[string]bool{}
	for _, person := range people {
		if known[person.ID] {
			continue
		}
		known[person.ID] = true
		role, _, _ := strings.Cut(person.Text, "（")
		all = append(all, c.become(role, at, person.ID))
	}
	return all
}

func (c *crawl) become(role, at, person string) *chromium.Visitor {
	c.t.Helper()
	v := chromium.Arrive(c.t, role, at)
	b, closeTab, err := v.Open()
	if err != nil {
		c.t.Fatal(err)
	}
	defer closeTab()
	if _, err = b.Navigate(at + "/practice"); err != nil {
		c.t.Fatal(err)
	}
	if _, err = chromium.Ask[bool](b, fmt.Sprintf(`(() => { document.querySelector("input[name=person][value='%s']").form.querySelector("button").focus(); return true })()`, person)); err != nil {
		c.t.Fatal(err)
	}
	if _, err = b.Follow(chromedp.KeyEvent("\r")); err != nil {
		c.t.Fatalf("%s: %v", role, err)
	}
	path, err := chromium.Ask[string](b, `location.pathname`)
	if err != nil || !strings.HasPrefix(path, "/desk") {
		c.t.Fatalf("%s is at %s: %v", role, path, err)
	}
	if c.cookies[v], err = b.Cookies(); err != nil {
		c.t.Fatal(err)
	}
	v.Home = path
	return v
}

// report says what is wrong, each thing once for all pages of a shape.
func (c *crawl) report(f sight, faults []string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, fault := range faults {
		start := []rune(fault)
		key := f.shape + string(start[:min(60, len(start))])
		if !c.said[key] {
			c.t.Errorf("%s %s: %s", f.by.Name, strings.TrimPrefix(f.address, f.by.At), fault)
		}
		c.said[key] = true
	}
}

// lookAtAll opens the pages in the browser, several at a time.
func (c *crawl) lookAtAll(x *chromium.Examiner) {
	c.together(c.pages, func(b *chromium.Tab, f sight) ([]string, error) {
		status, err := b.Navigate(f.address)
		if err != nil {
			return nil, err
		}
		if status != http.StatusOK {
			return []string{fmt.Sprintf("the browser gets %d", status)}, nil
		}
		faults, err := x.Page(b)
		if err != nil || !f.first {
			return faults, err
		}
		more, err := x.Keys(b)
		if err != nil {
			return faults, err
		}
		without, err := x.Plain(b, f.address)
		return append(append(faults, more...), without...), err
	})
}

// portray takes the pictures of the README, where pictures are taken.
func (c *crawl) portray(x *chromium.Examiner, v *chromium.Visitor) {
	c.t.Helper()
	b, closeTab, err := v.Open()
	if err != nil {
		c.t.Fatal(err)
	}
	defer closeTab()
	for _, err := range []error{
		x.Portray(b, "/c/renshu-yugohan", "参加した人", "campaign.png"),
		x.Portray(b, "/c/renshu-yugohan/give", "さがす", "give.png"),
	} {
		if err != nil {
			c.t.Error(err)
		}
	}
}

// atOnce is how many tabs work at the same time.
const atOnce = 3

// together does the work for every page in tabs of its visitor and reports what it finds.
func (c *crawl) together(pages []sight, work func(b *chromium.Tab, f sight) ([]string, error)) {
	queue := make(chan sight)
	var workers sync.WaitGroup
	tabs := atOnce
	if c.alone {
		tabs = 1
	}
	for range tabs {
		workers.Go(func() {
			var b *chromium.Tab
			closeTab := func() {}
			defer func() { closeTab() }()
			for f := range queue {
				if b == nil || b.Visitor != f.by {
					closeTab()
					var err error
					if b, closeTab, err = f.by.Open(); err != nil {
						c.t.Error(err)
						b = nil
						continue
					}
				}
				faults, err := work(b, f)
				if err != nil {
					c.t.Errorf("%s %s: %v", f.by.Name, f.address, err)
					closeTab()
					b, closeTab = nil, func() {}
				}
				c.report(f, faults)
			}
		})
	}
	for _, f := range pages {
		queue <- f
	}
	close(queue)
	workers.Wait()
}
