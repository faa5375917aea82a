package main

import "slices"

// rates are what a side reached in each round.
type rates []float64

// of is the median of the rounds' own ratios to another side: what disturbs the machine for longer than a round disturbs both.
func (r rates) of(other rates) string {
	var ratios []float64
	for i := range r {
		if other[i] > 0 {
			ratios = append(ratios, r[i]/other[i])
		}
	}
	return ratio(median(ratios), 1)
}

// median of what the rounds gave; zero of nothing.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
