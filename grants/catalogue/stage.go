package catalogue

import (
	"strings"

	"github.com/tsukaimichi/tsukaimichi/grants/calendar"
)

// How is how a day is met: 必着, 消印有効, 17:00まで; empty when nobody has looked.
func (d Deadline) How() string {
	how := d.Rule
	switch {
	case d.Time != "" && (d.Rule == "時刻" || d.Rule == ""):
		how = d.Time + "まで"
	case d.Time != "":
		how = d.Rule + "・" + d.Time + "まで"
	case d.Rule == "時刻":
		how = "時刻の指定あり"
	}
	return how
}

// Rolling reports whether there is no day: applied for at any time, or until the money is gone.
func (d Deadline) Rolling() bool { return d.Rule == "随時" || d.Rule == "予算に達し次第" }

// Closes is the deadline of applying; the zero Deadline when the call names none.
func (c Call) Closes() Deadline {
	for _, d := range c.Deadlines {
		if d.Kind == Closing {
			return d
		}
	}
	return Deadline{}
}

// deliveries are the last piece of work, by how the closing day is met. A postmark counts on the day itself; what has to be there is posted before.
var deliveries = map[string]calendar.Stage{
	"必着":   {What: "郵送する（締切の日に着くように）", Open: 3},
	"消印有効": {What: "郵便局の窓口から出す（消印有効）", Open: 1},
	"時刻":   {What: "送る（時刻の前に、受け付けの返事まで見る）", Open: 1},
	"持参":   {What: "窓口に持って行く", Open: 1},
}

// Stages are the pieces of work before the call closes, in the order they are done; missing are papers that have to be got. The days are what offices and
// groups usually take.
func (c Call) Stages(missing []string) []calendar.Stage {
	stages := []calendar.Stage{{What: "下書きを書く", Open: 10}}
	if len(missing) > 0 {
		stages = append(stages, calendar.Stage{What: "足りない書類をそろえる（" + strings.Join(missing, "、") + "）", Open: 7})
	}
	if by := c.On("推薦締切"); !by.IsZero() {
		stages = append(stages, calendar.Stage{What: "推薦をもらう", Open: 14, By: by})
	}
	delivery, known := deliveries[c.Closes().Rule]
	if !known {
		delivery = calendar.Stage{What: "郵送する・持って行く", Open: 3}
	}
	return append(stages, calendar.Stage{What: "団体の中で確かめる", Open: 7}, calendar.Stage{What: "印をもらう・清書する", Open: 3}, delivery)
}

// Backward is when each piece of work has to begin so that the paper is there when the call closes; none when it names no day.
func (c Call) Backward(missing []string) []calendar.Span {
	closes := c.Closes().On
	if closes.IsZero() {
		return nil
	}
	return calendar.Backward(closes, c.Stages(missing))
}
