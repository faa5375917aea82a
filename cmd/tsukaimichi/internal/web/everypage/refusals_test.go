package everypage

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

// refusals asks for what is not there or not allowed: the page that says so has to be as good as any other.
func (c *crawl) refusals(x *chromium.Examiner, visitors []*chromium.Visitor) {
	everybody := visitors[0]
	var pages []sight
	for _, path := range []string{"/nowhere", "/c/nowhere", "/c/nowhere/give", "/o/nowhere", "/r/nowhere", "/g/1/nowhere", "/files/1/photo/nowhere", "/practice/mail/1/999999"} {
		pages = append(pages, sight{by: everybody, address: everybody.At + path, shape: "404"})
	}
	pages = append(pages, c.strangers(visitors[1:])...)
	c.together(pages, func(b *chromium.Tab, f sight) ([]string, error) {
		status, err := b.Navigate(f.address)
		if err != nil {
			return nil, err
		}
		if want := f.shape; fmt.Sprint(status) != want {
			return []string{fmt.Sprintf("answers %d, not %s", status, want)}, nil
		}
		return x.Page(b)
	})
	c.fromAnotherSite(everybody)
}

// strangers has each of the members ask for what is not his, some at the same time.
func (c *crawl) strangers(members []*chromium.Visitor) (pages []sight) {
	queue := make(chan *chromium.Visitor)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for v := range queue {
				found := c.foreign(v)
				c.mutex.Lock()
				pages = append(pages, found...)
				c.mutex.Unlock()
			}
		})
	}
	for _, v := range members {
		queue <- v
	}
	close(queue)
	workers.Wait()
	return pages
}

// foreign finds, for a member, one address that another role may see and this one may not, and one of another organisation. Whatever a member asks for,
// he gets the page or a refusal. Who is not signed in is led to the door.
func (c *crawl) foreign(v *chromium.Visitor) (pages []sight) {
	var addresses []string
	for address := range c.members {
		if !c.fetched[v.Name+address] {
			addresses = append(addresses, address)
		}
	}
	slices.Sort(addresses)
	refused := map[int]bool{}
	for _, address := range addresses {
		response, _, err := c.get(address, c.cookies[v])
		if err != nil {
			c.t.Error(err)
			continue
		}
		switch status := response.StatusCode; status {
		case http.StatusOK:
		case http.StatusForbidden, http.StatusNotFound, http.StatusConflict:
			if !refused[status] {
				pages = append(pages, sight{by: v, address: address, shape: fmt.Sprint(status)})
			}
			refused[status] = true
		default:
			c.t.Errorf("%s %s: %d", v.Name, strings.TrimPrefix(address, v.At), status)
		}
	}
	return pages
}

// fromAnotherSite posts as a page of another site would.
func (c *crawl) fromAnotherSite(v *chromium.Visitor) {
	request, err := http.NewRequest(http.MethodPost, v.At+"/practice/become", strings.NewReader("person=1"))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := c.client.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		c.t.Errorf("a form from another site gets %s", response.Status)
	}
}

// left are forms that say who one is or what time it is; sending them empty tells nothing about a page.
var left = []string{"/sign-out?", "/practice/become?", "/practice/clock?"}

// emptyForms sends each form with nothing in it. The answer may be a page or a refusal; where it is the form again, the focus is on what is wrong.
func (c *crawl) emptyForms(x *chromium.Examiner) {
	pages := slices.DeleteFunc(c.forms, func(f sight) bool { return slices.Contains(left, f.form.action) })
	c.together(pages, func(b *chromium.Tab, f sight) ([]string, error) {
		one := f.form
		if status, err := b.Navigate(f.address); err != nil || status != http.StatusOK {
			return nil, err // a form sent before may have changed the page
		}
		last := strings.Trim(path.Base(strings.TrimSuffix(one.action, "?")), "*")
		if same, err := chromium.Ask[bool](b, fmt.Sprintf(`!!document.forms[%d]?.action.includes(%q)`, one.nth, last)); err != nil || !same {
			return nil, err
		}
		if still, err := chromium.Ask[bool](b, fmt.Sprintf(empty, one.nth)); err != nil || !still {
			return nil, err
		}
		status, err := b.Follow(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(submit, one.nth)))
		if err != nil {
			return nil, err
		}
		faults, err := x.Page(b)
		if err != nil {
			return nil, err
		}
		if !slices.Contains([]int{200, 403, 409, 422}, status) {
			faults = append(faults, fmt.Sprintf("answers %d", status))
		}
		if status == http.StatusUnprocessableEntity {
			more, err := chromium.Ask[[]string](b, unhelpful)
			if err != nil {
				return nil, err
			}
			faults = append(faults, more...)
		}
		for i, fault := range faults {
			faults[i] = fmt.Sprintf("the empty form to %s: %s", one.action, fault)
		}
		return faults, nil
	})
}

// empty clears the form of that number and reports whether it is there.
const empty = `(() => {
  const form = document.forms[%d];
  if (!form) return false;
  for (const e of form.elements) {
    if (e.type === "checkbox" || e.type === "radio") e.checked = false;
    else if (e.tagName === "SELECT") e.selectedIndex = 0;
    else if (e.type !== "hidden" && e.type !== "submit") e.value = "";
  }
  return true;
})()`

const submit = `(() => {
  const form = document.forms[%d];
  form.noValidate = true;
  setTimeout(() => form.requestSubmit(form.querySelector("button:not([type=button])")));
})()`

// unhelpful lists what a page that refuses a form lacks: the focus on what is wrong, be it a field that says why or a notice that is read out,
// and for wrong fields a title that says so.
const unhelpful = `(async () => {
  const shown = new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))); // a page takes the focus when it is painted
  await Promise.race([shown, new Promise(done => setTimeout(done, 5000))]);
  const said = [], at = document.activeElement, field = at?.getAttribute("aria-invalid") === "true";
  if (document.querySelector("[aria-invalid=true]") && !document.title.startsWith("入力を直してください")) said.push("the title does not say that something is wrong: " + document.title);
  if (field && !document.getElementById(at.getAttribute("aria-describedby")?.split(" ").pop())) said.push("the field does not say what is wrong");
  if (!field && !at?.closest("[role=alert]")) said.push("the focus is not on what is wrong but on " + at?.tagName + "#" + at?.id);
  return said;
})()`
