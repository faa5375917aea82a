package stripe

import (
	"context"
	"fmt"
	"net"
	"net/url"
)

// endpoint is where webhooks are sent.
type endpoint struct {
	head
	APIVersion    text              `json:"api_version"`
	Application   text              `json:"application"`
	Description   text              `json:"description"`
	EnabledEvents []string          `json:"enabled_events"`
	Metadata      map[string]string `json:"metadata"`
	Secret        string            `json:"secret,omitempty"` // answered once, stored apart
	Status        string            `json:"status"`           // enabled
	URL           string            `json:"url"`
}

var endpointRules = rules{
	"url":              address,
	"api_version":      oneOf(APIVersion),
	"enabled_events[]": oneOf(append([]string{"*"}, eventTypes...)...),
	"description":      upTo(5000),
	"metadata[*]":      anything,
}

func createEndpoint(ctx context.Context, a *account, r request) (any, error) {
	f := r.form
	if err := f.check(endpointRules); err != nil {
		return nil, err
	}
	for _, name := range []string{"url", "enabled_events"} {
		if !f.has(name) {
			return nil, invalid(name, "parameter_missing", "Missing required param: %s.", name)
		}
	}
	if !a.server.inside(f["url"]) {
		return nil, invalid("url", "url_invalid", "The practice Stripe sends webhooks only to its own host and to loopback.")
	}
	metadata, err := f.metadata("metadata")
	if err != nil {
		return nil, err
	}
	o := endpoint{
		head: a.newHead("we", "webhook_endpoint"), APIVersion: text(f["api_version"]), Description: text(f["description"]),
		EnabledEvents: f.list("enabled_events"), Metadata: metadata, Status: "enabled", URL: f["url"],
	}
	if err := a.add(ctx, o, never); err != nil {
		return nil, err
	}
	o.Secret = "whsec_" + random(32)
	_, err = a.tx.ExecContext(ctx, `
		UPDATE practice.stripe_object
		SET secret = $3
		WHERE organisation_id = $1 AND id = $2`, a.organisation, o.ID, o.Secret)
	if err != nil {
		return nil, fmt.Errorf("practice %s: %w", o.ID, err)
	}
	return o, nil
}

// deleteEndpoint forgets an endpoint and what was on its way to it.
func deleteEndpoint(ctx context.Context, a *account, r request) (any, error) {
	if err := r.form.check(nil); err != nil {
		return nil, err
	}
	if _, err := a.raw(ctx, "webhook_endpoint", r.id); err != nil {
		return nil, err
	}
	_, err := a.tx.ExecContext(ctx, `
		DELETE FROM practice.stripe_delivery
		WHERE organisation_id = $1 AND endpoint_id = $2`, a.organisation, r.id)
	if err != nil {
		return nil, fmt.Errorf("practice %s: %w", r.id, err)
	}
	_, err = a.tx.ExecContext(ctx, `
		DELETE FROM practice.stripe_object
		WHERE organisation_id = $1 AND id = $2`, a.organisation, r.id)
	if err != nil {
		return nil, fmt.Errorf("practice %s: %w", r.id, err)
	}
	return map[string]any{"id": r.id, "object": "webhook_endpoint", "deleted": true}, nil
}

// inside reports whether a URL stays on this machine or at the practice program: it calls nobody else.
func (s *Server) inside(address string) bool {
	at, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(at.Hostname())
	return at.Host == s.url.Host || at.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}
