package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// visits are what one sort of visitor met.
type visits struct {
	name string
	took times
}

// sort is one sort of visitor: how often one comes, and what he asks. Giving is kept below what all of the site's payment pages are limited to.
type sort struct {
	name  string
	every time.Duration
	ask   func(ctx context.Context, client *http.Client, site string) (*http.Response, error)
	want  int
}

func get(path string) func(context.Context, *http.Client, string) (*http.Response, error) {
	return func(ctx context.Context, client *http.Client, site string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, site+path, nil)
		if err != nil {
			return nil, err
		}
		return client.Do(r)
	}
}

var sorts = []sort{
	{"campaign page", 50 * time.Millisecond, get("/c/" + callSlug), http.StatusOK},
	{"form to give", 100 * time.Millisecond, get("/c/" + callSlug + "/give"), http.StatusOK},
	{"giving (POST)", 1100 * time.Millisecond, giveOnce, http.StatusSeeOther},
}

// giveOnce fills in the form, from an address of its own as through a proxy.
func giveOnce(ctx context.Context, client *http.Client, site string) (*http.Response, error) {
	form := url.Values{
		"amount": {"1000"}, "channel": {"card"}, "display": {"anonymous"}, "receipt": {"none"}, "terms": {"1"}, "key": {rand.Text()},
		"name": {"練習 来た人"}, "mail": {rand.Text() + "@example.jp"},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, site+"/c/"+callSlug+"/give", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Real-IP", fmt.Sprintf("198.51.%d.%d", mathrand.IntN(256), mathrand.IntN(256)))
	return client.Do(r)
}

// visit lets visitors come, each when he is due and whether or not those before were served, while something is done, and returns what they met.
func (s *storm) visit(ctx context.Context, meanwhile func(ctx context.Context) error) ([]visits, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	all, failed := make([]visits, len(sorts)), make([]error, len(sorts))
	over := make(chan struct{})
	var coming sync.WaitGroup
	for i, sort := range sorts {
		coming.Go(func() { all[i], failed[i] = s.come(ctx, sort, over) })
	}
	err := meanwhile(ctx)
	close(over)
	coming.Wait()
	return all, errors.Join(append(failed, err)...)
}

func (s *storm) come(ctx context.Context, sort sort, over <-chan struct{}) (visits, error) {
	client := &http.Client{
		Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 32}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	v := visits{name: sort.name}
	var lock sync.Mutex
	var wrong error
	var inside sync.WaitGroup
	due := time.Now()
	for {
		select {
		case <-over:
			inside.Wait()
			return v, wrong
		case <-time.After(time.Until(due)):
		}
		at := due
		inside.Go(func() {
			err := once(ctx, client, "http://"+s.program.address, sort)
			lock.Lock()
			defer lock.Unlock()
			v.took = append(v.took, time.Since(at))
			wrong = errors.Join(wrong, err)
		})
		due = due.Add(sort.every)
	}
}

func once(ctx context.Context, client *http.Client, site string, sort sort) error {
	answer, err := sort.ask(ctx, client, site)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err == nil && answer.StatusCode != sort.want {
		err = fmt.Errorf("%s: %s", sort.name, answer.Status)
	}
	return err
}
