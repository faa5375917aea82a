package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
)

// papers are the tables whose rows name what an auditor asks for. Photos are not among them, as they may be withdrawn.
var papers = []struct{ table, query string }{
	{"evidence", `SELECT organisation_id, 'evidence', file_hash FROM evidence WHERE erased_at IS NULL`},
	{"receipt_file", `SELECT organisation_id, 'receipt', file_hash FROM receipt_file`},
	{"report_publication", `
		SELECT organisation_id, 'report', file_hash FROM report_publication
		 UNION SELECT organisation_id, 'report', entries_hash FROM report_publication
		 UNION SELECT organisation_id, 'report', one_page_hash FROM report_publication WHERE one_page_hash IS NOT NULL`},
	{"paper_call", `SELECT organisation_id, 'paper', scan_hash FROM paper_call WHERE scan_hash IS NOT NULL`},
	{"redaction", `SELECT organisation_id, 'redacted', file_hash FROM redaction WHERE status IN ('prepared', 'approved')`},
	{"profile_paper", `SELECT organisation_id, 'form', hash FROM profile_paper WHERE replaced_at IS NULL`},
}

// Papers returns where every paper lies that the database names, in order, without those dropped on purpose.
func Papers(ctx context.Context, tx *sqlx.Tx) ([]files.Place, error) {
	tables, err := allTables(ctx, tx)
	if err != nil {
		return nil, err
	}
	named, err := dump{tx: tx}.named(ctx, tables)
	if err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Keys(named), func(a, b files.Place) int {
		return cmp.Or(cmp.Compare(a.OrganisationID, b.OrganisationID), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Hash.String(), b.Hash.String()))
	}), nil
}

// named returns the papers that rows of the copy name, without those dropped on purpose. An older release's database, backed up before it is migrated,
// lacks some of the tables.
func (d dump) named(ctx context.Context, tables []Table) (map[files.Place]bool, error) {
	has := func(name string) bool {
		return slices.ContainsFunc(tables, func(t Table) bool { return t.String() == "public."+name })
	}
	all := map[files.Place]bool{}
	for _, p := range papers {
		if !has(p.table) {
			continue
		}
		some, err := d.places(ctx, p.query)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, some)
	}
	if !has("dropped_file") {
		return all, nil
	}
	dropped, err := d.places(ctx, `SELECT organisation_id, kind, file_hash FROM dropped_file`)
	for p := range dropped {
		delete(all, p)
	}
	return all, err
}

// places reads organisations, kinds and hashes.
func (d dump) places(ctx context.Context, query string) (map[files.Place]bool, error) {
	rows, err := d.tx.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	defer rows.Close()
	all := map[files.Place]bool{}
	for rows.Next() {
		var p files.Place
		if err = rows.Scan(&p.OrganisationID, &p.Kind, &p.Hash); err != nil {
			return nil, fmt.Errorf("files: %w", err)
		}
		all[p] = true
	}
	return all, rows.Err()
}

// files writes every file of the store, and returns what it could not: files that are damaged or gone, and papers that are named but not there.
func (d dump) files(ctx context.Context, named map[files.Place]bool) ([]Absent, error) {
	absent, written := []Absent{}, 0
	miss := func(p files.Place, why error) {
		absent = append(absent, Absent{Organisation: p.OrganisationID, Kind: string(p.Kind), Hash: p.Hash.String(), Why: why.Error()})
	}
	for p, err := range d.Files.Places(ctx) {
		if err != nil {
			return nil, err
		}
		wanted := named[p]
		delete(named, p)
		content, err := d.Files.Read(ctx, p.OrganisationID, p.Kind, p.Hash)
		if errors.Is(err, files.ErrNotFound) && !wanted { // deleted meanwhile
			continue
		}
		if errors.Is(err, files.ErrNotFound) || errors.Is(err, files.ErrDamaged) {
			miss(p, err)
			continue
		}
		if err != nil {
			return nil, err
		}
		if err = d.bytes(fileName(p), false, content); err != nil {
			return nil, err
		}
		if written++; written%1000 == 0 {
			d.Say("files: %d", written)
		}
	}
	for p := range named {
		miss(p, files.ErrNotFound)
	}
	slices.SortFunc(absent, func(a, b Absent) int {
		return cmp.Or(cmp.Compare(a.Organisation, b.Organisation), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Hash, b.Hash))
	})
	return absent, nil
}

func fileName(p files.Place) string {
	return fmt.Sprintf("files/%d/%s/%s", p.OrganisationID, p.Kind, p.Hash)
}

// parseFileName reads what fileName wrote.
func parseFileName(name string) (files.Place, bool) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 || parts[0] != "files" {
		return files.Place{}, false
	}
	organisationID, err := strconv.ParseInt(parts[1], 10, 64)
	hash, hashErr := files.ParseHash(parts[3])
	return files.Place{OrganisationID: organisationID, Kind: files.Kind(parts[2]), Hash: hash}, err == nil && hashErr == nil
}

// LoadFiles puts the archive's files into a store. Those that are there already stay; doing it again changes nothing. It returns how
// many there are.
func (a *Archive) LoadFiles(ctx context.Context, store *files.Store) (int, error) {
	loaded := 0
	for _, part := range a.Parts {
		if !strings.HasPrefix(part.Name, "files/") {
			continue
		}
		place, ours := parseFileName(part.Name)
		if !ours {
			return loaded, fmt.Errorf("%w: %s", ErrFormat, part.Name)
		}
		content, err := a.read(part.Name, part.Bytes)
		if err != nil {
			return loaded, err
		}
		if files.HashOf(content) != place.Hash {
			return loaded, fmt.Errorf("%w: %s", ErrDamaged, part.Name)
		}
		if _, err = store.Put(ctx, place.OrganisationID, place.Kind, content); err != nil {
			return loaded, err
		}
		loaded++
	}
	return loaded, nil
}
