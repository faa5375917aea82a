package everypage

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// form is one that posts, by its place among the forms of its page.
type form struct {
	nth    int
	action string
}

// slugs are the places where an address names one of many.
var slugs = regexp.MustCompile(`^/(c|o|r|g|desk)/[^/]+`)

// shape is the address without what names one of many: /c/*/give, /desk/*/gifts/*.
func shape(u *url.URL) string {
	parts := strings.Split(slugs.ReplaceAllString(u.Path, "/$1/*"), "/")
	for i, part := range parts {
		if strings.ContainsAny(part, "0123456789") && !strings.Contains(part, ".") || len(part) > 20 {
			parts[i] = "*"
		}
	}
	var keys []string
	for key := range u.Query() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return strings.Join(parts, "/") + "?" + strings.Join(keys, "&")
}

// file lists what is wrong with an answer that is no page.
func file(u *url.URL, kind string, body []byte) (faults []string) {
	begins := map[string]string{"application/pdf": "%PDF-", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "PK",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "PK", "application/zip": "PK", "application/json": "{", "image/png": "\x89PNG",
		"image/jpeg": "\xff\xd8", "text/csv": "", "text/css": "", "image/svg+xml": "<svg", "text/javascript": "", "text/calendar": "BEGIN:VCALENDAR", "text/plain": ""}
	bare, _, _ := strings.Cut(kind, ";")
	start, known := begins[bare]
	switch {
	case !known:
		faults = append(faults, "is "+kind)
	case !bytes.HasPrefix(body, []byte(start)):
		faults = append(faults, fmt.Sprintf("is called %s and begins with %q", kind, body[:min(8, len(body))]))
	case len(body) == 0:
		faults = append(faults, "is empty")
	}
	return faults
}

// content is what a page leads to and is built from.
type content struct {
	links []string // of our own site
	forms []form   // that post
	parts string   // each kind of element in each kind of element, once
}

func read(at *url.URL, body []byte) (c content) {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return c
	}
	parts, nth := map[string]bool{}, 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		values := map[string]string{}
		for _, a := range n.Attr {
			values[a.Key] = a.Val
		}
		parts[n.Parent.Data+">"+n.Data+"."+values["class"]+values["type"]] = true
		if n.Data == "form" {
			if action, err := at.Parse(values["action"]); err == nil && strings.EqualFold(values["method"], "post") {
				c.forms = append(c.forms, form{nth, shape(action)})
			}
			nth++
		}
		for _, key := range []string{"href", "src"} {
			to, err := at.Parse(values[key])
			if values["rel"] == "nofollow" { // the switch of ふりがな leads back to the page itself
				continue
			}
			if values[key] != "" && err == nil && to.Host == at.Host && to.Scheme == at.Scheme {
				to.Fragment = ""
				c.links = append(c.links, to.String())
			}
		}
	}
	c.parts = strings.Join(slices.Sorted(maps.Keys(parts)), " ")
	return c
}
