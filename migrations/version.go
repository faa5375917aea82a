package migrations

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/jmoiron/sqlx"
)

// Newest is the number of the newest migration of this program.
func Newest() int64 { return newest(FS) }

func newest(files fs.FS) int64 {
	names, err := fs.Glob(files, "[0-9][0-9][0-9][0-9]_*.sql")
	if err != nil {
		panic(err) // the pattern is constant
	}
	var last int64
	for _, name := range names {
		number, err := strconv.ParseInt(name[:4], 10, 64)
		if err != nil {
			panic(err) // the pattern asks for digits
		}
		last = max(last, number)
	}
	return last
}

// Version returns the number of the newest migration a database has; 0 for one that was never migrated.
func Version(ctx context.Context, q sqlx.QueryerContext) (int64, error) {
	var known bool
	if err := sqlx.GetContext(ctx, q, &known, `SELECT to_regclass('public.goose_db_version') IS NOT NULL`); err != nil || !known {
		return 0, wrapVersion(err)
	}
	var version int64
	err := sqlx.GetContext(ctx, q, &version, `
		SELECT coalesce(max(version_id), 0)
		  FROM public.goose_db_version
		 WHERE is_applied`)
	return version, wrapVersion(err)
}

func wrapVersion(err error) error {
	if err != nil {
		return fmt.Errorf("version table: %w", err)
	}
	return nil
}

// ApplyUpTo does what Apply does, but ends with the migration of that number: an older copy of a database is laid into the
// tables it was taken from, and Apply brings it up from there. ErrNotMigrated when the database is further already or the program
// has no such migration.
func ApplyUpTo(ctx context.Context, owner *sqlx.DB, appRole string, version int64) error {
	have, err := Version(ctx, owner)
	if err != nil {
		return err
	}
	if have > version || version > Newest() {
		return fmt.Errorf("%w: the database has migration %d, this program has %d, wanted is %d", ErrNotMigrated, have, Newest(), version)
	}
	if err = ensureAppRole(ctx, owner); err != nil {
		return err
	}
	provider, err := newProvider(FS, owner)
	if err != nil {
		return err
	}
	if _, err = provider.UpTo(ctx, version); err != nil {
		return fmt.Errorf("%w: %w", ErrNotMigrated, err)
	}
	return admit(ctx, owner, appRole)
}
