package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// measureGrants measures fitting many calls to many plans, twice as many each time, and how many claims are computed in a second.
func measureGrants(ctx context.Context, args []string, out io.Writer) error {
	set := flag.NewFlagSet("grants", flag.ContinueOnError)
	calls := set.Int("calls", 5_000, "calls in the catalogue at the end")
	plans := set.Int("plans", 200, "initiatives that look for one")
	if err := set.Parse(args); err != nil {
		return err
	}
	t := &table{
		title: "Fitting calls to plans, and computing claims", machine: machine(""), head: []string{"", "seconds", "each", "× the half"},
		notes: []string{"Every call is held against every plan: rules with facts, words with words, scores, sorted. Near 2.0 is growth in proportion."},
	}
	var before time.Duration
	for n := *calls / 4; n <= *calls; n *= 2 {
		took, err := fitAll(ctx, n, *plans)
		if err != nil {
			return err
		}
		ratio := "–"
		if before > 0 {
			ratio = strconv.FormatFloat(took.Seconds()/before.Seconds(), 'f', 2, 64)
		}
		t.rows = append(t.rows, []string{fmt.Sprintf("%d calls × %d plans", n, *plans), seconds(took), fmt.Sprintf("%.2f µs", float64(took.Microseconds())/float64(n**plans)), ratio})
		before = took
	}
	for _, c := range claimRules {
		took, err := claimMany(c.rule)
		if err != nil {
			return err
		}
		t.rows = append(t.rows, []string{"claim: " + c.name, seconds(took), fmt.Sprintf("%.0f a second", claimTimes/took.Seconds()), "–"})
	}
	return t.write(out)
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// fitAll builds a catalogue and holds every plan against it.
func fitAll(ctx context.Context, calls, plans int) (time.Duration, error) {
	r := rand.New(rand.NewPCG(1, 2))
	made := make([]fit.Call, calls)
	for i := range made {
		made[i] = randomCall(r)
	}
	began := time.Now()
	catalogue := fit.NewCatalogue(made)
	for range plans {
		group, plan := randomGroup(r), randomPlan(r)
		if len(catalogue.Fit(group, plan, benchDay)) != calls {
			return 0, fmt.Errorf("a catalogue of %d lost calls", calls)
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

var (
	benchDay      = ledger.NewDate(2026, 11, 24)
	benchPurposes = []string{"居場所", "見守り", "配食", "移動支援", "子育て", "講座", "防災", "環境"}
	benchAreas    = []string{"鹿児島県", "奄美市", "徳島県", "埼玉県", "草加市", "東京都", "北区", fit.Everywhere}
	benchWords    = strings.Fields("高齢者 居場所 地域 住民 支え合い 子ども 食堂 見守り 配達 通院 付き添い 買い物 送迎 講座 担い手 養成 サロン 茶話会 防災 訓練 助成 団体 活動 費用 備品 購入 会場 謝金 ボランティア 町内会 自治会 協議体 連携 包括 支援 センター 生活 困りごと 孤立 予防 健康 体操 交流 世代 空き家 活用 修繕 庭 草取り 電球 交換")
)

func randomText(r *rand.Rand, words int) string {
	var b strings.Builder
	for range words {
		b.WriteString(benchWords[r.IntN(len(benchWords))])
		b.WriteString([]string{"の", "を", "に", "と", "、", "。"}[r.IntN(6)])
	}
	return b.String()
}

func randomCall(r *rand.Rand) fit.Call {
	return fit.Call{
		Rules: []fit.Rule{
			{Key: "members", Test: fit.AtLeast, Value: int64(r.IntN(15)), Must: true, Quote: "q"},
			{Key: "founded_on", Test: fit.YearsSince, Value: int64(r.IntN(4)), Must: true, Quote: "q"},
			{Key: "area", Test: fit.InArea, Words: []string{benchAreas[r.IntN(len(benchAreas))], fit.Everywhere}, Must: true, Quote: "q"},
			{Key: "規約", Test: fit.Paper, Must: true, Quote: "q"},
			{Test: fit.RestOf, Value: 3, Words: []string{"練習財団"}, Must: true, Quote: "q"},
		},
		Purposes: []string{benchPurposes[r.IntN(len(benchPurposes))]}, Areas: []string{benchAreas[r.IntN(len(benchAreas))]}, Text: randomText(r, 60),
		Most: ledger.Yen(50_000 * (1 + r.IntN(40))), Advance: r.IntN(2) == 0, Writing: 400 * r.IntN(10), Closes: benchDay.AddDays(r.IntN(200)),
	}
}

func randomGroup(r *rand.Rand) fit.Group {
	members, founded := int64(3+r.IntN(40)), ledger.NewDate(2015+r.IntN(11), 4, 1)
	return fit.Group{
		Facts:  fit.Facts{"members": {Number: &members}, "founded_on": {Day: founded}, "area": {Words: []string{"鹿児島県", "奄美市"}}},
		Papers: map[string]ledger.Date{"規約": {}},
	}
}

func randomPlan(r *rand.Rand) fit.Plan {
	return fit.Plan{Purposes: []string{benchPurposes[r.IntN(len(benchPurposes))]}, Areas: []string{"鹿児島県", "奄美市"}, Text: randomText(r, 120), Need: ledger.Yen(100_000 + r.IntN(900_000))}
}

const claimTimes = 200_000

// claimRules are a short rule and a long one.
var claimRules = []struct{ name, rule string }{
	{"3/4, to the thousand, capped", `{"min": [{"floor": {"unit": 1000, "of": {"rate": {"num": 3, "den": 4, "of": "total"}}}}, 300000]}`},
	{"start, sessions and rent", `{"sum": [{"years": [{"min": ["setup", 100000]}]}, {"units": {"count": "session", "each": 1500, "max": 48}},
		{"min": ["rent", {"units": {"count": "month", "each": 50000, "max": 12}}]}]}`},
}

func claimMany(rule string) (time.Duration, error) {
	f, err := formula.Parse([]byte(rule))
	if err != nil {
		return 0, err
	}
	facts := formula.Facts{Costs: map[string]ledger.Yen{"total": 210_000, "setup": 130_000, "rent": 660_000}, Counts: map[string]int64{"session": 48, "month": 12}}
	began := time.Now()
	for range claimTimes {
		if _, err = f.Claim(facts); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}
