package archive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/migrations"
)

// ErrMigrating says that the tables changed their shape while they were about to be copied.
var ErrMigrating = errors.New("archive: the database is being migrated; try again afterwards")

// Source is what an archive is made from.
type Source struct {
	DB      *sqlx.DB // the program's own role suffices
	Files   *files.Store
	Key     ed25519.PrivateKey // signs the manifest
	Log     ed25519.PrivateKey // signs checkpoints
	KeyName string             // of the sealing key
	Site    string             // names the log of an organisation that has no checkpoint yet; may be empty
	Say     func(format string, args ...any)
}

// Write writes an archive of everything. The database is read from one snapshot while the program goes on working; only
// migrations have to wait. The Manifest's Absent names files that could not be read: the archive is whole without them.
func Write(ctx context.Context, to io.Writer, from Source, at time.Time) (Manifest, error) {
	m := Manifest{Format: format, Program: release(), MadeAt: at.UTC().Truncate(time.Second), KeyName: from.KeyName}
	w := newWriter(to, m.MadeAt)
	tx, err := begin(ctx, from.DB)
	if err != nil {
		return m, err
	}
	defer tx.Rollback() // it only read
	d := dump{Source: from, writer: w, tx: tx}
	if err = d.describe(ctx, &m); err != nil {
		return m, err
	}
	if err = w.bytes(readmeName, true, []byte(m.readme())); err != nil {
		return m, err
	}
	for i := range m.Tables {
		if err = d.table(ctx, &m.Tables[i]); err != nil {
			return m, err
		}
	}
	if err = d.checkpoints(ctx, &m); err != nil {
		return m, err
	}
	named, err := d.named(ctx, m.Tables)
	if err == nil {
		err = tx.Rollback() // the snapshot holds the database's tidying back, and the files are not in it
	}
	if err != nil {
		return m, err
	}
	if m.Absent, err = d.files(ctx, named); err != nil {
		return m, err
	}
	return m, w.end(m, from.Key)
}

// release names the program as Go built it.
func release() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	name := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			name += " " + s.Value
		}
	}
	return strings.TrimSpace(name)
}

// begin opens the snapshot. The tables are locked first against a change of their shape, as readers lock them.
func begin(ctx context.Context, db *sqlx.DB) (*sqlx.Tx, error) {
	before, err := copied(ctx, db)
	if err != nil {
		return nil, err
	}
	if len(before) == 0 {
		return nil, errors.New("archive: the database holds no tables of this program")
	}
	tx, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	names := make([]string, len(before))
	for i, t := range before {
		names[i] = t.quoted()
	}
	_, err = tx.ExecContext(ctx, `
		SET LOCAL lock_timeout = '60s';
		SET LOCAL statement_timeout = 0;
		SET LOCAL idle_in_transaction_session_timeout = 0;
		SET LOCAL timezone = 'UTC';
		SET LOCAL datestyle = 'ISO, YMD';
		SET LOCAL intervalstyle = 'postgres';
		SET LOCAL bytea_output = 'hex';
		SET LOCAL extra_float_digits = 1;
		LOCK TABLE `+strings.Join(names, ", ")+` IN ACCESS SHARE MODE`)
	if err == nil {
		var after []Table
		if after, err = copied(ctx, tx); err == nil && !sameShape(before, after) {
			err = ErrMigrating
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("archive: %w", err), tx.Rollback())
	}
	return tx, nil
}

// dump reads the snapshot.
type dump struct {
	Source
	*writer
	tx *sqlx.Tx
}

func (d dump) describe(ctx context.Context, m *Manifest) (err error) {
	if m.Schema, err = migrations.Version(ctx, d.tx); err != nil {
		return err
	}
	if m.Tables, err = copied(ctx, d.tx); err != nil {
		return err
	}
	if err = d.tx.GetContext(ctx, &m.ServerVersion, `SELECT current_setting('server_version')`); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	if err = d.tx.GetContext(ctx, &m.Practice, `SELECT EXISTS (SELECT FROM organisation WHERE practice)`); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	m.Organisations, err = organisations(ctx, d.tx)
	return err
}

// organisations says where each log stands.
func organisations(ctx context.Context, q sqlx.QueryerContext) ([]Organisation, error) {
	var all []Organisation
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT o.id,
		       coalesce((SELECT min(s.name) FROM slug s WHERE s.organisation_id = o.id AND s.kind = 'organisation'), '') AS slug,
		       h.sequence,
		       encode(h.hash, 'hex') AS head,
		       (SELECT count(*) FROM unsealed u WHERE u.organisation_id = o.id) AS unsealed
		  FROM organisation o
		  JOIN log_heads h ON h.organisation_id = o.id
		 ORDER BY o.id`)
	if err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	return all, nil
}

// table writes the rows of a table as COPY would.
func (d dump) table(ctx context.Context, t *Table) error {
	columns := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		columns[i] = pq.QuoteIdentifier(name) + "::text"
	}
	rows, err := d.tx.QueryContext(ctx, `SELECT `+strings.Join(columns, ", ")+` FROM `+t.quoted())
	if err != nil {
		return fmt.Errorf("table %s: %w", t, err)
	}
	defer rows.Close()
	values, places := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	return d.part(t.part(), true, func(to io.Writer) error {
		if _, err := io.WriteString(to, strings.Join(t.Columns, "\t")+"\n"); err != nil {
			return err
		}
		var line []byte
		for rows.Next() {
			if err := rows.Scan(places...); err != nil {
				return err
			}
			line = line[:0]
			for i, value := range values {
				if i > 0 {
					line = append(line, '\t')
				}
				line = appendField(line, value)
			}
			if _, err := to.Write(append(line, '\n')); err != nil {
				return err
			}
			if t.Rows++; t.Rows%100_000 == 0 {
				d.Say("%s: %d", t, t.Rows)
			}
		}
		return rows.Err()
	})
}

// checkpoints signs each log as it ends in this copy.
func (d dump) checkpoints(ctx context.Context, m *Manifest) error {
	for i := range m.Organisations {
		o := &m.Organisations[i]
		c, err := chain.Draw(ctx, d.tx, o.ID, chain.Origin(d.Site, o.ID), d.Log)
		if errors.Is(err, chain.ErrNoCheckpoint) {
			continue
		}
		if err != nil {
			return err
		}
		o.Origin = c.Origin
		if err = d.bytes(o.part(), false, []byte(c.Note)); err != nil {
			return err
		}
	}
	return nil
}
