package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/archive"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// BackupSettings say where a backup is written every day.
type BackupSettings struct {
	To   string `long:"to" env:"TO" description:"folder a backup is written to every day, on another disk than the data; the same on every replica, and shared by them. Empty: none"`
	Hour int    `long:"hour" env:"HOUR" default:"3" description:"hour of the day after which it is written, in Japan"`
	Keep int    `long:"keep" env:"KEEP" default:"30" description:"backups left in the folder"`
}

// check refuses settings by which no backup could be made.
func (s BackupSettings) check() error {
	if s.To == "" {
		return nil
	}
	if s.Hour < 0 || s.Hour > 23 || s.Keep < 1 {
		return fmt.Errorf("%w: --backup-hour is 0 to 23, --backup-keep at least 1", errSettings)
	}
	if info, err := os.Stat(s.To); err != nil || !info.IsDir() {
		return fmt.Errorf("%w: --backup-to %s: there is no such folder", errSettings, s.To)
	}
	return nil
}

// due reports whether the newest backup is older than the hour that passed last.
func (s BackupSettings) due(newest, at time.Time) bool {
	now := at.In(ledger.Tokyo)
	passed := time.Date(now.Year(), now.Month(), now.Day(), s.Hour, 0, 0, 0, ledger.Tokyo)
	if passed.After(now) {
		passed = passed.AddDate(0, 0, -1)
	}
	return newest.Before(passed)
}

const backupJob = "backup"

// backupKinds is the daily backup, where one is wanted. It looks often and does what is due, so that a night in which the machine was off is
// made up for.
func (h *host) backupKinds() []jobs.Kind {
	if h.Backup.To == "" {
		return nil
	}
	return []jobs.Kind{{Name: backupJob, Every: 5 * time.Minute, Workers: 1, Timeout: 10 * time.Minute, Work: h.backUp}}
}

func (h *host) backUp(ctx context.Context, _, _ int64) error {
	at := h.clock.Now()
	newest, err := archive.Newest(h.Backup.To, at)
	if err != nil || !h.Backup.due(newest, at) {
		return err
	}
	from, err := backupSource(h.db, h.files, h.box, h.Site)
	if err != nil {
		return err
	}
	m, err := archive.Save(ctx, filepath.Join(h.Backup.To, archive.Name(at)), from, at)
	if err != nil {
		return err
	}
	if len(m.Absent) > 0 {
		h.log.Error("files are missing in the backup", "files", len(m.Absent))
	}
	gone, err := archive.Prune(h.Backup.To, h.Backup.Keep, at)
	h.log.Info("backup written", "folder", h.Backup.To, "removed", len(gone))
	return err
}

// tooOld is when the newest backup alarms the people of the organisations.
const tooOld = 3 * 24 * time.Hour

// backupLate says when the newest backup was made, and whether that is too long ago or making one fails; never late where none is wanted.
func (h *host) backupLate(ctx context.Context) (newest time.Time, late bool, err error) {
	if h.Backup.To == "" {
		return time.Time{}, false, nil
	}
	if newest, err = archive.Newest(h.Backup.To, h.clock.Now()); err != nil {
		h.log.ErrorContext(ctx, "backup", "error", err)
		return time.Time{}, true, nil
	}
	if h.clock.Now().Sub(newest) > tooOld {
		return newest, true, nil
	}
	failed, err := jobs.Troubles(ctx, h.db)
	for _, f := range failed {
		late = late || f.Kind == backupJob
	}
	return newest, late, err
}
