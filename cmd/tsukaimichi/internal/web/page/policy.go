package page

import "strings"

// Policy is the Content-Security-Policy of every page: own stylesheets, own script, own pictures, nothing written into the page.
// payAt lists the origins a form may end at besides ours (https://checkout.stripe.com): browsers also apply form-action to
// the redirect that follows a POST.
func Policy(payAt ...string) string {
	return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; " +
		"form-action " + strings.Join(append([]string{"'self'"}, payAt...), " ") + "; " +
		"frame-ancestors 'none'; base-uri 'none'"
}
