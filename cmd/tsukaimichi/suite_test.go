package main

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
)

func TestMain(m *testing.M) { rehearsed.Main(m, forgetFolder) }
