package public_test

import (
	"crypto/sha256"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// sampleLog is the page of a log that was signed three times, with what a reader looked for.
func sampleLog(asked string, found bool) public.LogPage {
	l := public.Log{Organisation: ledger.Organisation{Name: "みどり町ふれあい食堂（練習）", Slug: "midori"}, Records: 1_207,
		Key: "tsukaimichi.example/log/3+0a1b2c3d+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", Asked: asked}
	for _, size := range []int64{1_204, 1_180, 977} {
		l.Signed = append(l.Signed, chain.Signed{At: time.Date(2026, 11, 24, 9, 12, 0, 0, ledger.Tokyo),
			Checkpoint: chain.Checkpoint{Origin: "tsukaimichi.example/log/3", Size: size, Root: sha256.Sum256([]byte{byte(size)})}})
	}
	if found {
		l.Found = &l.Signed[1]
	}
	return public.NewLogPage(l)
}

// emptyLog is that of a group whose first money has not moved.
func emptyLog() public.LogPage {
	return public.NewLogPage(public.Log{Organisation: ledger.Organisation{Name: "みどり町ふれあい食堂（練習）", Slug: "midori"}})
}
