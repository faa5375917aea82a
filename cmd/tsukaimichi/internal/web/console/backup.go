package console

import (
	"fmt"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// backupTasks tells those who answer for the book when no backup was made for days, or making one fails. They cannot mend it, but they
// can call who can.
func (p *Pages) backupTasks(r *http.Request, d Desk) ([]page.Task, error) {
	if p.BackupLate == nil || !d.May(ledger.Treasurer, ledger.Representative) {
		return nil, nil
	}
	newest, late, err := p.BackupLate(r.Context())
	if err != nil || !late {
		return nil, err
	}
	t := page.Task{Tag: page.Tag{Kind: page.TagLate, Text: "見てください"}, What: "控え（バックアップ）がとれていません",
		Note: "このままで機械がこわれると、帳簿が失われます。使い道を動かしている人に知らせてください。"}
	if !newest.IsZero() {
		t.Note = fmt.Sprintf("最後の控えは%sです。", page.Day(ledger.DateOf(newest))) + t.Note
	}
	return []page.Task{t}, nil
}
