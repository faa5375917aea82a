package page

import "net/http"

// Panel is the frame of a page that another site shows inside its own: no script, no form, no navigation.
type Panel struct {
	Title     string // of the window
	Canonical string // the address of the page it stands for
}

// Layout is the frame for another site.
func (Panel) Layout() string { return "layout/panel" }

// panelPolicy allows what a panel is made of and any site around it.
const panelPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors *; base-uri 'none'"

// AllowFrame takes back, for this one answer, that nobody may put our pages into a frame. Only a Panel may be answered so.
func AllowFrame(h http.Header) {
	h.Del("X-Frame-Options")
	h.Set("Content-Security-Policy", panelPolicy)
}
