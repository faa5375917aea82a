package forming_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// filled is what a browser sends when the button of the form that posts to a path is pressed and nothing was touched.
func filled(t *testing.T, body, path string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	var inForm func(n *html.Node)
	inForm = func(n *html.Node) {
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		_, checked := at["checked"]
		switch {
		case n.Data == "input" && at["name"] != "" && (at["type"] != "checkbox" || checked):
			values.Add(at["name"], at["value"])
		case n.Data == "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data
			}
			values.Add(at["name"], text)
		case n.Data == "select":
			values.Add(at["name"], chosen(n))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			inForm(c)
		}
	}
	var look func(n *html.Node)
	look = func(n *html.Node) {
		for _, a := range n.Attr {
			if n.Data == "form" && a.Key == "action" && a.Val == path && len(values) == 0 {
				inForm(n)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			look(c)
		}
	}
	look(root)
	return values
}

// chosen is the value of a list: the chosen one, else the first.
func chosen(list *html.Node) string {
	value := ""
	for o := list.LastChild; o != nil; o = o.PrevSibling {
		own, is := "", false
		for _, a := range o.Attr {
			if a.Key == "value" {
				own = a.Val
			}
			is = is || a.Key == "selected"
		}
		if is {
			return own
		}
		if o.Data == "option" {
			value = own
		}
	}
	return value
}
