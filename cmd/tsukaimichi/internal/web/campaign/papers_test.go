package campaign

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

// print reads the paper: dates in the Japanese calendar, △ for what is less.
func (s *story) print() {
	paper := s.fetch(s.giver, s.at+s.report+"/report.pdf")
	file := filepath.Join(s.t.TempDir(), "report.pdf")
	s.giver.Must(os.WriteFile(file, paper, 0o600))
	printed, err := exec.Command(chromium.Tool(s.t, "pdftotext"), "-layout", file, "-").Output()
	s.giver.Must(err)
	if s.examiner.Shots != "" {
		s.giver.Must(exec.Command(chromium.Tool(s.t, "pdftoppm"), "-png", "-r", "72", "-singlefile", file, filepath.Join(s.examiner.Shots, "report")).Run())
	}
	bare := strings.Join(strings.Fields(string(printed)), "")
	for _, want := range []string{"冬の夕ごはんを16回", "使いみちの報告", "食材費", "240,000", "2,400", "△237,600", "会場", "60,000", "10,500", "8,100", "12世帯・ほか", "令和", "雪で1回中止しました。"} {
		if !strings.Contains(bare, want) {
			s.t.Errorf("the paper does not say %q:\n%s", want, printed)
		}
	}
}

// letters are in the mailbox of the practice.
func (s *story) letters() {
	h := s.giver
	h.GoTo("/practice/mail")
	h.WaitsFor("報告")
	h.Sees("kifu@renshu.example", "jiro@renshu.example", "寄附金受領証", "ご寄付が届きました")
	h.Presses("寄附金受領証")
	h.Sees("𠮷田 葛󠄀城", "PDF")
}

// book holds everything, and goes out as a table whose sums are nothing.
func (s *story) book() {
	h := s.treasurer
	h.GoTo("/desk/" + s.slug)
	h.Presses("帳簿")
	h.Sees("2,892円", "880円", "6,500円", "2,400円", "大根・米") // as the money moved: less the costs
	link, err := chromium.Ask[string](h.Tab, `[...document.querySelectorAll("a")].find(a => a.href.includes("/csv")).href`)
	h.Must(err)
	table := s.fetch(h, link)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\ufeff")))).ReadAll()
	h.Must(err)
	s.addsUp(rows)
}

// addsUp adds the table up by account and fund. The costs of 3.6 %, at the konbini at least 120 yen, are borne by the group's own money.
func (s *story) addsUp(rows [][]string) {
	s.t.Helper()
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	sums, all := map[string]int{}, 0
	for _, row := range rows[1:] {
		debit, _ := strconv.Atoi(row[column["借方"]]) // the other side is empty
		credit, _ := strconv.Atoi(row[column["貸方"]])
		sums[row[column["勘定科目"]]+"　"+row[column["だれのためのお金"]]] += debit - credit
		all += debit - credit
	}
	want := map[string]int{"現金　冬の夕ごはんを16回": 4100, "Stripe未入金　冬の夕ごはんを16回": 4000, "受取寄附金　冬の夕ごはんを16回": -10500,
		"食材費　冬の夕ごはんを16回": 2400, "決済手数料　一般": 228, "Stripe未入金　一般": -228}
	if !maps.Equal(sums, want) || all != 0 || len(rows) != 13 {
		s.t.Errorf("%d rows add up to %v, not to %v", len(rows), sums, want)
	}
}
