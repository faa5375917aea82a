package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

const usage = "usage: bench post|seal|balances|verify|page|storm|pdf|grants [flags]; bench post -h lists them"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures what the first argument names and writes the table to out.
func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	switch args[0] {
	case "post":
		return measurePost(ctx, args[1:], out)
	case "page":
		return measurePage(ctx, args[1:], out)
	case "storm":
		return measureStorm(ctx, args[1:], out)
	case "pdf":
		return measurePDF(ctx, args[1:], out)
	case "seal":
		return measureSealing(ctx, args[1:], out)
	case "balances":
		return measureBalances(ctx, args[1:], out)
	case "verify":
		return measureVerify(ctx, args[1:], out)
	case "grants":
		return measureGrants(ctx, args[1:], out)
	case "bare": // the measurement of pages starts this program again
		if len(args) != 2 && len(args) != 3 {
			return errors.New("usage: bench bare ADDRESS [DATABASE]")
		}
		return bare(ctx, args[1], strings.Join(args[2:], ""))
	default:
		return fmt.Errorf("no such measurement: %s; %s", args[0], usage)
	}
}
