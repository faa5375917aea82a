package page

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// oddPage has a template that asks for a field it lacks.
type oddPage struct{ Public }

func (oddPage) Template() string { return "odd/odd" }

func TestNothingIsSentOfAPageThatFails(t *testing.T) {
	t.Parallel()
	renderer, err := NewRenderer(Site{}, Room{"odd", fstest.MapFS{"templates/odd.html": {Data: []byte(`{{define "main"}}<h1>A</h1>{{.Missing}}{{end}}`)}}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := renderer.Render(w, 200, oddPage{}); err == nil {
		t.Error("a missing field must be an error")
	}
	if w.Body.Len() > 0 || len(w.Header()) > 0 {
		t.Errorf("sent: %v %q", w.Header(), w.Body)
	}
}

func TestARefusalThatDoesNotSayWhyIsNotSent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, main string
		status     int
		sent       bool
	}{
		{"a field that is marked", `<input aria-invalid="true">`, 422, true},
		{"a notice", `<p role="alert">A</p>`, 409, true},
		{"no problem", `<h1>A</h1>`, 200, true},
		{"a wrong field that is not on the page", `<h1>A</h1>`, 422, false},
		{"a page that changed", `<h1>A</h1>`, 409, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			renderer, err := NewRenderer(Site{}, Room{"bars", fstest.MapFS{"templates/bars.html": {Data: []byte(`{{define "main"}}` + test.main + `{{end}}`)}}})
			if err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			if err = renderer.Render(w, test.status, barsPage{}); errors.Is(err, ErrSilent) == test.sent || (w.Body.Len() > 0) != test.sent {
				t.Errorf("Render = %v, %d bytes", err, w.Body.Len())
			}
		})
	}
}

func TestRoomsAreReadAtTheStart(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, template, want string }{
		{"without main", `<h1>A</h1>`, `defines no "main"`},
		{"broken", `{{define "main"}}{{if}}{{end}}`, "missing value for if"},
		{"unknown function", `{{define "main"}}{{shout .}}{{end}}`, `function "shout" not defined`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewRenderer(Site{}, Room{"odd", fstest.MapFS{"templates/odd.html": {Data: []byte(test.template)}}})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestPolicyNamesWhereAGiverPays(t *testing.T) {
	t.Parallel()
	policy := Policy("https://checkout.stripe.com")
	for _, want := range []string{"default-src 'none'", "form-action 'self' https://checkout.stripe.com;"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%q lacks %q", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("%q allows inline code", policy)
	}
}

func BenchmarkRenderCatalogueOfBars(b *testing.B) {
	renderer, err := NewRenderer(Site{}, Room{"bars", fstest.MapFS{"templates/bars.html": {Data: []byte(`{{define "main"}}<h1>A</h1>{{range .Bars}}{{template "michi" .}}{{end}}{{end}}`)}}})
	if err != nil {
		b.Fatal(err)
	}
	p := barsPage{Bars: make([]Bar, 6)}
	for i := range p.Bars {
		p.Bars[i] = Bar{Number: "1", Name: "食材費", How: "お米", Terms: []string{"16回 × 15,000円"}, Promised: 400000, Received: 268000, Spent: 91025, Left: 176975}
	}
	for b.Loop() {
		if err := renderer.Render(httptest.NewRecorder(), 200, p); err != nil {
			b.Fatal(err)
		}
	}
}

type barsPage struct {
	Public
	Bars []Bar
}

func (barsPage) Template() string { return "bars/bars" }
