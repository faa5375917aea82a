package door

import "net/http"

// Route is a page or an act for whoever is signed in.
type Route struct {
	Method, Path string
	Handler      func(w http.ResponseWriter, r *http.Request) error
}

// Pattern is the route as http.ServeMux takes it: "POST /confirm".
func (r Route) Pattern() string { return r.Method + " " + r.Path }

// Routes is the map of what a person sees and changes of his own.
func (p *Pages) Routes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return []Route{
		{get, "/confirm", p.Confirm},
		{post, "/confirm", p.EnterFactor},
		{post, "/confirm/passkey/begin", p.BeginConfirmPasskey},
		{post, "/confirm/passkey", p.ConfirmPasskey},
		{get, "/account", p.Account},
		{post, "/account/sessions/end", p.EndSession},
		{post, "/account/sessions/end-others", p.EndOtherSessions},
		{post, "/account/passkeys/begin", p.BeginAddPasskey},
		{post, "/account/passkeys", p.AddPasskey},
		{get, "/account/passkeys/{id}/remove", p.AskRemovePasskey},
		{post, "/account/passkeys/{id}/remove", p.RemovePasskey},
		{get, "/account/app", p.App},
		{post, "/account/app", p.StartApp},
		{post, "/account/app/check", p.CheckApp},
		{get, "/account/app/remove", p.AskRemoveApp},
		{post, "/account/app/remove", p.RemoveApp},
		{get, "/account/sheet", p.Sheet},
		{post, "/account/sheet", p.NewSheet},
	}
}
