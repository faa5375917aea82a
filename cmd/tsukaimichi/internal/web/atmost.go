package web

import "net/http"

// webhooksAtOnce is how many webhooks are taken in at the same time. A storm of them, after an hour in which none came through, would else take every
// connection to the database and both cores from the people who give. Stripe waits for an answer, and comes again if none comes.
const webhooksAtOnce = 4

// atMost lets n requests in at a time; the others wait outside, in the order they came as far as the runtime keeps it, until their senders give up.
func atMost(n int, next http.HandlerFunc) http.HandlerFunc {
	seats := make(chan struct{}, n)
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case seats <- struct{}{}:
			defer func() { <-seats }()
			next(w, r)
		case <-r.Context().Done():
			w.WriteHeader(http.StatusServiceUnavailable) // nothing was taken in
		}
	}
}
