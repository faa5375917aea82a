package main

import (
	"os"
	"runtime/pprof"
)

// profile begins a CPU profile of this process and returns what ends it; without a file it does nothing.
func profile(file string) (stop func(), err error) {
	if file == "" {
		return func() {}, nil
	}
	out, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err = pprof.StartCPUProfile(out); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = out.Close() // the profile is an aid, not a result
	}, nil
}
