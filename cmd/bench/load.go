package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

// load keeps clients busy for a while, each beginning again when it is done, and returns how often all of them together came
// to an end per second. act gets the client's number and how often it acted before. The first error ends all.
func load(ctx context.Context, clients int, during time.Duration, act func(ctx context.Context, client, turn int) error) (float64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begun := time.Now()
	end := begun.Add(during)
	done, failed := make([]int, clients), make([]error, clients)
	var group sync.WaitGroup
	for client := range clients {
		group.Go(func() {
			turn := 0
			for ; time.Now().Before(end); turn++ {
				if failed[client] = act(ctx, client, turn); failed[client] != nil {
					cancel()
					return
				}
			}
			done[client] = turn
		})
	}
	group.Wait()
	if err := errors.Join(failed...); err != nil {
		return 0, err
	}
	total := 0
	for _, n := range done {
		total += n
	}
	return float64(total) / time.Since(begun).Seconds(), nil
}
