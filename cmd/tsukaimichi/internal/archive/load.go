package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/migrations"
)

// ErrNotEmpty says that a database holds something already; the message says what.
var ErrNotEmpty = errors.New("archive: the database is not empty")

// Refuse returns ErrNotEmpty unless the database is empty or holds nothing but what our migrations make, and ErrNewer when this program
// has not the migrations the archive was made with.
func (a *Archive) Refuse(ctx context.Context, owner *sqlx.DB) error {
	if a.Schema > migrations.Newest() {
		return fmt.Errorf("%w (migration %d; this one has %d)", ErrNewer, a.Schema, migrations.Newest())
	}
	version, err := migrations.Version(ctx, owner)
	if err != nil {
		return err
	}
	all, err := allTables(ctx, owner)
	if err != nil {
		return err
	}
	if version == 0 && len(all) > 0 {
		return fmt.Errorf("%w: it has a table %s", ErrNotEmpty, all[0])
	}
	if version > a.Schema {
		return fmt.Errorf("%w: it was migrated to %d already, the archive is of %d; make an empty one (DROP DATABASE, CREATE DATABASE) and restore into that",
			ErrNotEmpty, version, a.Schema)
	}
	return refuseRows(ctx, owner, all)
}

func refuseRows(ctx context.Context, q sqlx.QueryerContext, tables []Table) error {
	for _, t := range tables {
		if slices.Contains(seeded, t.String()) {
			continue
		}
		var some bool
		if err := sqlx.GetContext(ctx, q, &some, `SELECT EXISTS (SELECT FROM `+t.quoted()+`)`); err != nil {
			return fmt.Errorf("table %s: %w", t, err)
		}
		if some {
			return fmt.Errorf("%w: there are rows in %s", ErrNotEmpty, t)
		}
	}
	return nil
}

// Load lays the archive's rows into an empty database as the role that owns it, and brings that up to this release. The tables
// are made as they were when the archive was made, filled in one transaction, and migrated from there. Rows get their numbers well above those
// of the archive from then on. What Refuse refuses, Load refuses too; when it fails, the database holds no row more than before.
func (a *Archive) Load(ctx context.Context, owner *sqlx.DB, appRole string, say func(format string, args ...any)) error {
	if err := a.Refuse(ctx, owner); err != nil {
		return err
	}
	if err := migrations.ApplyUpTo(ctx, owner, appRole, a.Schema); err != nil {
		return err
	}
	if err := jobs.Migrate(ctx, owner); err != nil {
		return err
	}
	if err := a.fill(ctx, owner, say); err != nil {
		return err
	}
	if err := migrations.Apply(ctx, owner, appRole); err != nil {
		return err
	}
	if _, err := owner.ExecContext(ctx, `ANALYZE`); err != nil { // plans need to know how much there is
		return fmt.Errorf("analyze: %w", err)
	}
	return nil
}

// fill is the one transaction in which the rows come in.
func (a *Archive) fill(ctx context.Context, owner *sqlx.DB, say func(format string, args ...any)) error {
	tx, err := owner.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	defer tx.Rollback() // after the commit it changes nothing
	_, err = tx.ExecContext(ctx, `
		SET LOCAL search_path = pg_catalog;
		SET LOCAL lock_timeout = '60s';
		SET LOCAL statement_timeout = 0;
		SET LOCAL timezone = 'UTC';
		SET LOCAL datestyle = 'ISO, YMD';
		SET LOCAL intervalstyle = 'postgres'`)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	all, err := copied(ctx, tx)
	if err != nil {
		return err
	}
	if err = a.fits(all); err != nil {
		return err
	}
	before, err := suspend(ctx, tx, all)
	if err != nil {
		return err
	}
	if err = refuseRows(ctx, tx, all); err != nil { // again, now that nobody else can write
		return err
	}
	for _, t := range a.Tables {
		if err = a.fillTable(ctx, tx, t, say); err != nil {
			return err
		}
	}
	if err = goOnAbove(ctx, tx, all); err != nil {
		return err
	}
	if err = before.reinstate(ctx, tx); err != nil {
		return err
	}
	if err = tx.Commit(); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

// fits compares the tables of the archive with those the migrations made. River's may have got columns since.
func (a *Archive) fits(made []Table) error {
	for _, t := range a.Tables {
		at := slices.IndexFunc(made, func(m Table) bool { return m.String() == t.String() })
		if at < 0 {
			return fmt.Errorf("%w: a table %s is unknown", ErrFormat, t)
		}
		for _, column := range t.Columns {
			if !slices.Contains(made[at].Columns, column) {
				return fmt.Errorf("%w: a column %s of %s is unknown", ErrFormat, column, t)
			}
		}
		if t.String() != queue && len(t.Columns) != len(made[at].Columns) {
			return fmt.Errorf("%w: table %s has %d columns, %d are known", ErrFormat, t, len(t.Columns), len(made[at].Columns))
		}
	}
	for _, m := range made {
		if !slices.ContainsFunc(a.Tables, func(t Table) bool { return t.String() == m.String() }) && m.String() != queue {
			return fmt.Errorf("%w: table %s is not in it", ErrFormat, m)
		}
	}
	return nil
}

// fillTable lays the rows of a table in; what the migrations had put there gives way to what the archive has.
func (a *Archive) fillTable(ctx context.Context, tx *sqlx.Tx, t Table, say func(format string, args ...any)) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM `+t.quoted()); err != nil {
		return fmt.Errorf("table %s: %w", t, err)
	}
	columns := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		columns[i] = pq.QuoteIdentifier(name)
	}
	into, err := tx.PrepareContext(ctx, `COPY `+t.quoted()+` (`+strings.Join(columns, ", ")+`) FROM STDIN`)
	if err != nil {
		return fmt.Errorf("table %s: %w", t, err)
	}
	rows, values := int64(-1), make([]any, len(columns)) // the first line names the columns
	err = a.open(t.part(), func(from io.Reader) error {
		return eachLine(from, func(line string) error {
			if rows++; rows == 0 {
				if line != strings.Join(t.Columns, "\t") {
					return errLine
				}
				return nil
			}
			if err := parseLine(line, values); err != nil {
				return err
			}
			if rows%100_000 == 0 {
				say("%s: %d / %d", t, rows, t.Rows)
			}
			_, err := into.ExecContext(ctx, values...)
			return err
		})
	})
	if err == nil {
		_, err = into.ExecContext(ctx) // sends the rest
	}
	if err = errors.Join(err, into.Close()); err != nil {
		return fmt.Errorf("table %s: %w", t, err)
	}
	if rows != t.Rows {
		return fmt.Errorf("%w: table %s has %d rows, the manifest says %d", ErrDamaged, t, rows, t.Rows)
	}
	return nil
}

// apart is by how much numbers go on above the archive's. What was entered after the archive was made is lost here, but the payment service
// knows its gifts by number, and so do letters and links: none of these numbers may be given to anything else.
const apart = 100_000

// goOnAbove sets what numbers rows, above all that it numbers: transactions and log records have one sequence.
func goOnAbove(ctx context.Context, tx *sqlx.Tx, tables []Table) error {
	for _, t := range tables {
		for _, column := range t.Columns {
			sequence, err := numberedBy(ctx, tx, t, column)
			if err != nil {
				return err
			}
			if sequence == nil {
				continue
			}
			_, err = tx.ExecContext(ctx, `
				SELECT setval($1, greatest(coalesce(max(x.`+pq.QuoteIdentifier(column)+`), 0) + $2, (SELECT s.last_value FROM `+*sequence+` AS s)))
				  FROM `+t.quoted()+` AS x`, *sequence, apart)
			if err != nil {
				return fmt.Errorf("numbers of %s: %w", t, err)
			}
		}
	}
	return nil
}

// numberedBy returns the sequence that a column takes its numbers from, quoted as SQL names it, or nil.
func numberedBy(ctx context.Context, tx *sqlx.Tx, t Table, column string) (*string, error) {
	var sequence *string
	err := tx.GetContext(ctx, &sequence, `
		SELECT coalesce(
		         pg_get_serial_sequence($1, $2),
		         (SELECT substring(pg_get_expr(d.adbin, d.adrelid) FROM 'nextval\(''([^'']+)''::regclass\)')
		            FROM pg_attribute a
		            JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		           WHERE a.attrelid = $1::regclass AND a.attname = $2))`, t.quoted(), column)
	if err != nil {
		return nil, fmt.Errorf("numbers of %s: %w", t, err)
	}
	return sequence, nil
}
