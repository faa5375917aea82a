package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// FS holds the migrations, by file name.
//
//go:embed *.sql
var FS embed.FS

// ErrNotMigrated says that a migration, or what a migration needs, could not be applied. Nothing of the failed file is kept;
// the files before it are.
var ErrNotMigrated = errors.New("migrations: not applied")

// Apply brings the database of owner up to the newest migration and makes appRole a member of AppRole, so that it may
// do what the migrations grant. An empty appRole, or AppRole itself, adds no member. It may be called by any number of
// processes at once: one migrates, the others wait up to five minutes and find nothing left to do.
//
// It needs the role that owns the tables, which must not be appRole (ErrSameRole). Where AppRole is missing, or appRole is
// not yet a member, that role needs CREATEROLE, or an administrator calls Prepare once (ErrRoles).
func Apply(ctx context.Context, owner *sqlx.DB, appRole string) error {
	return apply(ctx, FS, owner, appRole)
}

func apply(ctx context.Context, files fs.FS, owner *sqlx.DB, appRole string) error {
	if err := ensureAppRole(ctx, owner); err != nil {
		return err
	}
	provider, err := newProvider(files, owner)
	if err != nil {
		return err
	}
	if err = up(ctx, provider); err != nil {
		return fmt.Errorf("%w: %w", ErrNotMigrated, err)
	}
	if err = showVersions(ctx, owner); err != nil {
		return fmt.Errorf("%w: version table: %w", ErrNotMigrated, err)
	}
	return admit(ctx, owner, appRole)
}

// showVersions lets the program's own role ask Pending. Two that grant on a table at the same moment fail, so one waits for the other.
func showVersions(ctx context.Context, owner *sqlx.DB) error {
	tx, err := owner.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, statement := range []string{`LOCK TABLE goose_db_version IN SHARE ROW EXCLUSIVE MODE`, `GRANT SELECT ON goose_db_version TO ` + AppRole} {
		if _, err = tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// A migration locks tables that the program of before goes on using. It waits for one only as long as giveWay, far shorter than PostgreSQL takes to look for a
// deadlock, of which it might end the other side: a reader's page. Then nothing of it is kept, and it is tried again after a pause, for some seven minutes.
const (
	giveWay = `SET lock_timeout = '200ms'`
	pause   = 500 * time.Millisecond
	tries   = 600
)

// up applies what is pending.
func up(ctx context.Context, provider *goose.Provider) error {
	for try := 1; ; try++ {
		_, err := provider.Up(ctx)
		var said *pq.Error
		if err == nil || !errors.As(err, &said) || (said.Code != "55P03" && said.Code != "40P01") || try == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(pause):
		}
	}
}

// polite locks the session that migrates, of which there is one at a time, and lets it give way.
type polite struct{ lock.SessionLocker }

func (p polite) SessionLock(ctx context.Context, conn *sql.Conn) error {
	if err := p.SessionLocker.SessionLock(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, giveWay); err != nil {
		return errors.Join(err, p.SessionUnlock(context.WithoutCancel(ctx), conn))
	}
	return nil
}

func (p polite) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `RESET lock_timeout`)
	return errors.Join(err, p.SessionLocker.SessionUnlock(ctx, conn))
}

// newProvider reads the files. Of several processes that migrate at once the others wait.
func newProvider(files fs.FS, owner *sqlx.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // every second, 300 times
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, owner.DB, files, goose.WithSessionLocker(polite{locker}))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotMigrated, err)
	}
	return provider, nil
}

// Pending reports whether the database lacks a migration of this program. A database that was never migrated lacks
// all of them; one that a newer program migrated lacks none. It only reads, and any role that Apply admitted may ask.
func Pending(ctx context.Context, db *sqlx.DB) (bool, error) {
	return pending(ctx, FS, db)
}

func pending(ctx context.Context, files fs.FS, db *sqlx.DB) (bool, error) {
	var known bool
	// Asked first: goose would make its table here, which the program's role may not.
	if err := db.GetContext(ctx, &known, `SELECT to_regclass('goose_db_version') IS NOT NULL`); err != nil {
		return false, fmt.Errorf("version table: %w", err)
	}
	if !known {
		return true, nil
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db.DB, files)
	if err != nil {
		return false, fmt.Errorf("version table: %w", err)
	}
	lacks, err := provider.HasPending(ctx)
	if err != nil {
		return false, fmt.Errorf("version table: %w", err)
	}
	return lacks, nil
}
