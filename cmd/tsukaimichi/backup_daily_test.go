package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// wound is a clock that a test winds on.
type wound struct{ at time.Time }

func (w *wound) Now() time.Time { return w.at }

func TestDailyBackupIsMadeOnceADayAndItsAbsenceIsTold(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	if err := jobs.Migrate(t.Context(), db.Owner); err != nil {
		t.Fatal(err)
	}
	ledgertest.NewBook(t, db.App).Post(t)
	h := newSealing(t, db.App, db.AppDSN)
	clock := &wound{time.Date(2026, 11, 24, 1, 0, 0, 0, ledger.Tokyo)}
	h.clock, h.Backup = clock, BackupSettings{To: t.TempDir(), Hour: 3, Keep: 2}
	kind := h.backupKinds()[0]
	wants := func(files int, late bool) {
		t.Helper()
		there, err := filepath.Glob(filepath.Join(h.Backup.To, "tsukaimichi-*.zip"))
		if err != nil || len(there) != files {
			t.Errorf("%s: %d backups, %v; want %d", clock.at, len(there), err, files)
		}
		if _, is, err := h.backupLate(t.Context()); err != nil || is != late {
			t.Errorf("%s: late is %v, %v", clock.at, is, err)
		}
	}
	goOn := func(by time.Duration) {
		t.Helper()
		clock.at = clock.at.Add(by)
		if err := kind.Work(t.Context(), 0, 0); err != nil {
			t.Error(err)
		}
	}
	wants(0, true)
	goOn(0) // none is there at all
	wants(1, false)
	goOn(time.Hour) // 2 o'clock
	wants(1, false)
	goOn(90 * time.Minute) // half past 3
	wants(2, false)
	goOn(20 * time.Hour) // half past 11 in the evening
	wants(2, false)
	clock.at = clock.at.Add(73 * time.Hour) // the machine was off
	wants(2, true)
	goOn(0)
	wants(2, false) // and the oldest is gone
	h.Backup.To = filepath.Join(h.Backup.To, "unplugged")
	if err := kind.Work(t.Context(), 0, 0); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("into a folder that is gone: %v", err)
	}
	wants(0, true)
	h.Backup = BackupSettings{}
	if len(h.backupKinds()) > 0 {
		t.Error("backups are made though nobody asked")
	}
	wants(0, false)
}

func TestSettingsOfADailyBackupAreChecked(t *testing.T) {
	t.Parallel()
	for _, s := range []BackupSettings{{To: "/nowhere/at/all", Hour: 3, Keep: 1}, {To: t.TempDir(), Hour: 24, Keep: 1}, {To: t.TempDir(), Hour: 3}} {
		if err := s.check(); !errors.Is(err, errSettings) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}
