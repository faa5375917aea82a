package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// times are how long things took, in any order.
type times []time.Duration

// within is the time by which a share of them was over, in milliseconds.
func (t times) within(share float64) string {
	if len(t) == 0 {
		return "-"
	}
	sorted := slices.Sorted(slices.Values(t))
	at := sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
	return fmt.Sprintf("%.1f", float64(at.Microseconds())/1000)
}

func (t times) cells() []string { return []string{t.within(0.5), t.within(0.99), t.within(1)} }

// answers are what became of webhooks.
type answers struct {
	took     time.Duration
	accepted int
	each     times
}

// send signs webhooks and posts them on so many connections, each sending the next when one was answered. What is not accepted is sent again, as Stripe does.
func send(ctx context.Context, address, path, secret string, connections int, payloads [][]byte) (answers, error) {
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	var next, accepted atomic.Int64
	each, failed := make([]times, connections), make([]error, connections)
	begun := time.Now()
	var senders sync.WaitGroup
	for c := range connections {
		senders.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(payloads); i = next.Add(1) - 1 {
				asked := time.Now()
				if failed[c] = post(ctx, client, "http://"+address+path, secret, payloads[i]); failed[c] != nil {
					return
				}
				each[c] = append(each[c], time.Since(asked))
				accepted.Add(1)
			}
		})
	}
	senders.Wait()
	return answers{time.Since(begun), int(accepted.Load()), slices.Concat(each...)}, errors.Join(failed...)
}

// post sends one webhook until it is accepted, ten times at most.
func post(ctx context.Context, client *http.Client, url, secret string, payload []byte) error {
	var said string
	for range 10 {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(payload))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Stripe-Signature", signed(secret, payload, time.Now()))
		answer, err := client.Do(r)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil {
			return err
		}
		if answer.StatusCode == http.StatusOK {
			return nil
		}
		said = answer.Status
	}
	return fmt.Errorf("webhook: %s", said)
}

func signed(secret string, payload []byte, at time.Time) string {
	sum := hmac.New(sha256.New, []byte(secret))
	second := strconv.FormatInt(at.Unix(), 10)
	sum.Write([]byte(second + "."))
	sum.Write(payload)
	return "t=" + second + ",v1=" + hex.EncodeToString(sum.Sum(nil))
}

// sendBare sends the same to a server that keeps each as one row and does nothing else.
func (s *storm) sendBare(ctx context.Context, payloads [][]byte) (err error) {
	if _, err = s.database.owner.ExecContext(ctx, `
		CREATE TABLE bare_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload text NOT NULL);
		GRANT INSERT ON bare_row TO `+appRole); err != nil {
		return err
	}
	keeper, err := startBare(ctx, s.database.server.DSN(databaseName, appRole))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, keeper.stop()) }()
	s.bare, err = send(ctx, keeper.address, "/", "", s.connections, payloads)
	return err
}
