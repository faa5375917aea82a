package page_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestWorkIsDrawnWithinItsDays(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, day int) ledger.Date { return ledger.NewDate(2026, month, day) }
	g := page.Gantt{Label: `下書き <b>"12月"</b>`, Today: day(time.November, 25), Closed: []ledger.Date{day(time.November, 28)}, Lines: []page.GanttLine{
		{Name: "下書きを書く", From: day(time.November, 20), Until: day(time.December, 4), Late: true},
		{Name: "足りない書類をそろえる（規約、役員名簿、決算書）<i>", From: day(time.December, 4), Until: day(time.December, 15)},
		{Name: "申請締切（必着）", From: day(time.December, 25), Day: true},
	}}
	got := string(g.Picture())
	for what, times := range map[string]int{`class="gantt__late"`: 1, `class="gantt__bar"`: 1, `class="gantt__day"`: 1, `class="gantt__today"`: 1, `class="gantt__closed"`: 1, ">12月<": 1, "11月20日　下書きを書く": 1, "役員名…": 0, "…": 1} {
		if strings.Count(got, what) != times {
			t.Errorf("%d times %q, want %d: %s", strings.Count(got, what), what, times, got)
		}
	}
	if strings.Contains(got, "<b>") || strings.Contains(got, "<i>") {
		t.Errorf("words are not escaped: %s", got)
	}
	for _, m := range regexp.MustCompile(`x="(\d+)(?:\.\d+)?%" y="[^"]+" width="(\d+)`).FindAllStringSubmatch(got, -1) {
		x, _ := strconv.Atoi(m[1])
		width, _ := strconv.Atoi(m[2])
		if x+width > 100 {
			t.Errorf("a bar leaves the picture: %s", m[0])
		}
	}
	if (page.Gantt{}).Drawn() {
		t.Error("nothing is drawn as something")
	}
}
