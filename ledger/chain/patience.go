package chain

import (
	"context"
	"fmt"
	"sync"
)

// Sealing thirty records costs half of what sealing a thousand does. While so many records wait in all, a queue shorter than short is left to grow.
const (
	much  = 200
	short = 200
)

// queue is how many records of an organisation wait to be sealed.
type queue struct {
	OrganisationID int64 `db:"organisation_id"`
	Records        int   `db:"records"`
}

// waits counts how often the short queue of an organisation was passed by. The zero waits is ready.
type waits struct {
	mu    sync.Mutex
	times map[int64]int
}

// passBy reports whether the queue is to wait once more.
func (w *waits) passBy(q queue, patience int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if q.Records >= short || w.times[q.OrganisationID] >= patience {
		delete(w.times, q.OrganisationID)
		return false
	}
	if w.times == nil {
		w.times = map[int64]int{}
	}
	w.times[q.OrganisationID]++
	return true
}

// SealAll seals every organisation that has something unsealed, but for short queues under Patience, and returns how many records it
// sealed. An organisation that cannot be sealed does not hold up the others; the first such error is returned.
func (s *Sealer) SealAll(ctx context.Context) (int, error) {
	var queues []queue
	if err := s.DB.SelectContext(ctx, &queues, `
		SELECT organisation_id, count(*) AS records
		  FROM unsealed
		 GROUP BY organisation_id`); err != nil {
		return 0, fmt.Errorf("unsealed: %w", err)
	}
	patience, waiting := s.Patience, 0
	for _, q := range queues {
		waiting += q.Records
	}
	if waiting < much {
		patience = 0
	}
	due := make([]int64, 0, len(queues))
	for _, q := range queues {
		if !s.waits.passBy(q, patience) {
			due = append(due, q.OrganisationID)
		}
	}
	return s.sealEach(ctx, due)
}

// sealEach seals organisations, as many at a time as the Sealer works abreast.
func (s *Sealer) sealEach(ctx context.Context, organisations []int64) (int, error) {
	next := make(chan int64)
	var hands sync.WaitGroup
	var mu sync.Mutex
	sealed := 0
	var first error
	for range min(max(s.Abreast, 1), len(organisations)) {
		hands.Go(func() {
			for id := range next {
				n, err := s.Seal(ctx, id)
				mu.Lock()
				sealed += n
				if first == nil {
					first = err
				}
				mu.Unlock()
			}
		})
	}
	for _, id := range organisations {
		next <- id
	}
	close(next)
	hands.Wait()
	return sealed, first
}
