package console_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestMissingBackupIsToldToWhoAnswersForTheBook(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	var newest time.Time
	late := false
	o.pages.BackupLate = func(context.Context) (time.Time, bool, error) { return newest, late, nil }
	tells := func(p ledger.Person) bool { return strings.Contains(o.get(p, "").says(http.StatusOK).body, "控え") }
	if tells(o.treasurer) {
		t.Error("told of a backup that is there")
	}
	late = true
	if !tells(o.treasurer) || !tells(o.head) || tells(o.member) {
		t.Error("not told to treasurer and representative alone")
	}
	newest = time.Date(2026, 11, 20, 3, 0, 0, 0, ledger.Tokyo)
	o.get(o.treasurer, "").says(http.StatusOK, "最後の控えは2026年11月20日", "知らせてください")
}
