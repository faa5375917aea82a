package chain

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed query/records.sql
var recordsSQL string

// waitingSQL asks for what waits to be sealed, whether its record is written yet or not.
var waitingSQL = strings.Replace(recordsSQL, "FROM log_record r", "FROM waiting r", 1)

//go:embed query/entries.sql
var entriesSQL string

// entriesBetweenSQL asks for all from one id to another, which is cheaper where nearly all are wanted.
var entriesBetweenSQL = strings.Replace(entriesSQL, "= ANY ($2)", "BETWEEN $2 AND $3", 1)

//go:embed query/papers.sql
var papersSQL string

// asker runs a query, of a database or in a transaction of it.
type asker func(ctx context.Context, query string, args ...any) (*sql.Rows, error)

// load reads records with everything that hangs on them, by id, as recordsSQL or waitingSQL finds them. Those that do not exist are missing in
// the map; a transaction that does not exist leaves its record without one. Looking for papers costs as much as everything else and can be
// left out.
func load(ctx context.Context, ask asker, query string, organisationID int64, ids []int64, papers bool) (map[int64]*record, error) {
	records := make(map[int64]*record, len(ids))
	transactions := make(map[int64]*posted, len(ids))
	rows, err := ask(ctx, query, organisationID, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("records: %w", err)
	}
	err = each(rows, func() error {
		x, err := scanRecord(rows)
		if err != nil {
			return err
		}
		records[x.ID] = x
		if x.Posted != nil {
			transactions[x.SubjectID] = x.Posted
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("records: %w", err)
	}
	if len(transactions) == 0 {
		return records, nil
	}
	return records, loadLines(ctx, ask, organisationID, transactions, papers)
}

// loadLines adds to transactions, by id, their entries and papers.
func loadLines(ctx context.Context, ask asker, organisationID int64, transactions map[int64]*posted, papers bool) error {
	ids := make([]int64, 0, len(transactions))
	for id := range transactions {
		ids = append(ids, id)
	}
	query, arguments := entriesSQL, []any{organisationID, pq.Array(ids)}
	if first, last := slices.Min(ids), slices.Max(ids); last-first < 2*int64(len(ids)) {
		query, arguments = entriesBetweenSQL, []any{organisationID, first, last}
	}
	rows, err := ask(ctx, query, arguments...)
	if err != nil {
		return fmt.Errorf("entries: %w", err)
	}
	err = each(rows, func() error {
		var id int64
		var e entry
		if err := rows.Scan(&id, &e.Number, &e.Account, &e.FundID, &e.Segment, &e.InitiativeID, &e.UseID, &e.CounterpartyID,
			&e.Counterparty, (*int64)(&e.Amount), &e.BookedOn); err != nil {
			return err
		}
		if x, wanted := transactions[id]; wanted {
			x.Entries = append(x.Entries, e)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("entries: %w", err)
	}
	if !papers {
		return nil
	}
	if rows, err = ask(ctx, papersSQL, organisationID, pq.Array(ids)); err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	err = each(rows, func() error {
		var id int64
		var p paper
		if err := rows.Scan(&id, &p.ID, &p.FileHash); err != nil {
			return err
		}
		transactions[id].Papers = append(transactions[id].Papers, p)
		return nil
	})
	if err != nil {
		return fmt.Errorf("papers: %w", err)
	}
	return nil
}

// headerRow takes the columns of a transaction, which are all NULL where there is none.
type headerRow struct {
	kind, source, actorKind, actorName, reason sql.NullString
	entries, actorID, actorSubject             sql.NullInt64
	bookedOn, belongsOn                        ledger.Date
	postedAt                                   sql.NullTime
	reverses, donation, refund                 sql.NullInt64
	memo                                       sql.NullString
}

func scanRecord(rows *sql.Rows) (*record, error) {
	x, h := &record{}, headerRow{}
	var recordedAt sql.NullTime
	err := rows.Scan(&x.ID, &x.Kind, &x.SubjectID, &x.Content, &recordedAt,
		&h.kind, &h.source, &h.bookedOn, &h.belongsOn, &h.entries, &h.actorID, &h.actorKind, &h.actorSubject, &h.actorName, &h.postedAt,
		&h.reverses, &h.reason, &h.donation, &h.refund, &h.memo)
	if err != nil {
		return nil, err
	}
	x.At, x.Unwritten = whole(recordedAt.Time), !recordedAt.Valid
	if h.kind.Valid {
		x.Posted = &posted{
			Kind: h.kind.String, Source: h.source.String, BookedOn: h.bookedOn, BelongsOn: h.belongsOn, EntryCount: h.entries.Int64,
			Actor:    actor{ID: h.actorID.Int64, Kind: h.actorKind.String, SubjectID: h.actorSubject.Int64, Name: h.actorName.String},
			PostedAt: whole(h.postedAt.Time), Reverses: h.reverses, Reason: h.reason.String, DonationID: h.donation, RefundID: h.refund, Memo: h.memo,
		}
		if x.Unwritten {
			x.At = x.Posted.PostedAt
		}
	}
	return x, nil
}

func whole(at time.Time) time.Time { return time.UnixMicro(at.UnixMicro()).UTC() }

// each calls read for every row and closes the rows.
func each(rows *sql.Rows, read func() error) error {
	defer rows.Close()
	for rows.Next() {
		if err := read(); err != nil {
			return err
		}
	}
	return rows.Err()
}
