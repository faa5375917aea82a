package chain_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// sealedTables are those of which no column of any row can be changed unseen, with the expression that tells the sequence in whose name a
// change of a row is found: NULL where it concerns the log as a whole.
var sealedTables = map[string]string{
	"transaction":  `(SELECT s.sequence FROM seal s JOIN log_record r ON r.id = s.record_id WHERE r.kind = 'transaction' AND r.subject_id = x.id)`,
	"entry":        `(SELECT s.sequence FROM seal s JOIN log_record r ON r.id = s.record_id WHERE r.kind = 'transaction' AND r.subject_id = x.transaction_id)`,
	"memo":         `(SELECT s.sequence FROM seal s JOIN log_record r ON r.id = s.record_id WHERE r.kind = 'transaction' AND r.subject_id = x.transaction_id)`,
	"log_record":   `(SELECT s.sequence FROM seal s WHERE s.record_id = x.id)`,
	"seal":         `x.sequence`,
	"salt":         `(SELECT s.sequence FROM seal s WHERE s.record_id = x.record_id)`,
	"actor":        `(SELECT min(s.sequence) FROM seal s JOIN log_record r ON r.id = s.record_id JOIN transaction t ON r.kind = 'transaction' AND t.id = r.subject_id WHERE t.actor_id = x.id)`,
	"counterparty": `(SELECT min(s.sequence) FROM seal s JOIN log_record r ON r.id = s.record_id JOIN entry e ON r.kind = 'transaction' AND e.transaction_id = r.subject_id WHERE e.counterparty_id = x.id)`,
	"evidence":     `(SELECT s.sequence FROM seal s JOIN salt z ON z.record_id = s.record_id WHERE x.id = ANY (z.evidence))`,
	"rollup":       `NULL`,
	"log_heads":    `NULL`,
}

// unsaid are columns that say nothing of what was recorded.
var unsaid = map[string]bool{
	"memo.erased_at": true, "counterparty.erased_at": true, "evidence.erased_at": true, "evidence.type": true, "evidence.size": true,
	"evidence.actor_id": true, "evidence.added_at": true,
	"evidence.transaction_id": true, // the paper here is of an expense
}

// changed says how the value of a column differs by one bit or one unit, by its type.
func changed(column, kind string) string {
	switch kind {
	case "text":
		return fmt.Sprintf(`CASE WHEN coalesce(%[1]s, '') = '' THEN 'x' ELSE chr(ascii(%[1]s) # 1) || substr(%[1]s, 2) END`, column)
	case "bytea":
		return fmt.Sprintf(`set_bit(%[1]s, (length(%[1]s) * 8 - 1), 1 - get_bit(%[1]s, (length(%[1]s) * 8 - 1)))`, column)
	case "date":
		return column + ` + 1`
	case "timestamp with time zone":
		return fmt.Sprintf(`coalesce(%[1]s, now()) + interval '1 microsecond'`, column)
	case "ARRAY":
		return fmt.Sprintf(`CASE WHEN %[1]s IS NULL THEN '{1}'::bigint[] END`, column)
	}
	return fmt.Sprintf(`coalesce(%[1]s, 0) # 4096`, column) // no other row has that id
}

// storied makes a book in which everything the log covers stands: expenses with papers and payees, memos, reversals, a report.
func storied(t *testing.T, db *sqlx.DB) ledgertest.Book {
	t.Helper()
	book := ledgertest.NewBook(t, db)
	fund := ledgertest.NewFund(t, db, book.ID)
	use := ledgertest.NewUse(t, db, book.ID, fund.ID)
	for i := range 5 {
		book.Post(t, func(x *ledger.Transaction) {
			x.Memo = strings.Repeat("覚え", i+1)
			x.Entries[0].FundID, x.Entries[1].FundID, x.Entries[1].UseID = fund.ID, fund.ID, use.ID
		})
	}
	id := book.Post(t)
	ledgertest.Must(t, db, func(tx *sqlx.Tx) error {
		if err := ledger.Record(t.Context(), tx, book.ID, ledger.ReportRecord, 1, `{"hash":"00"}`, ledgertest.At); err != nil {
			return err
		}
		e, err := ledger.EnterExpense(t.Context(), tx, book.Expense(), book.Treasurer, ledgertest.At)
		if err != nil {
			return err
		}
		if _, err = ledger.AddEvidence(t.Context(), tx, ledger.Evidence{
			OrganisationID: book.ID, ExpenseID: e, FileHash: make([]byte, 32), Type: "image/jpeg", Size: 10,
		}, book.Treasurer, ledgertest.At); err != nil {
			return err
		}
		_, err = ledger.Reverse(t.Context(), tx, book.ID, id, book.Treasurer, ledgertest.At, ledgertest.Today, "誤記")
		return err
	})
	seal(t, book)
	return book
}

// inSecret runs statements as a superuser, looks what Verify says, and takes them back.
func inSecret(t testing.TB, super *sqlx.DB, book ledgertest.Book, x chain.Examination, statements ...string) chain.Finding {
	t.Helper()
	tx, err := super.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for _, statement := range statements {
		if _, err = tx.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	f, err := chain.Verify(t.Context(), tx, book.ID, x)
	if err != nil {
		t.Fatalf("%v: %v", statements, err)
	}
	return f
}

// unguard is what a superuser can do to a database: it switches every trigger off and drops every check.
func unguard(t testing.TB, super *sqlx.DB) {
	t.Helper()
	var statements []string
	if err := super.Select(&statements, `
		SELECT format('ALTER TABLE %I DISABLE TRIGGER ALL', c.relname)
		  FROM pg_class c
		 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
		 UNION ALL
		SELECT format('ALTER TABLE %I DROP CONSTRAINT %I CASCADE', c.relname, k.conname)
		  FROM pg_constraint k
		  JOIN pg_class c ON c.oid = k.conrelid AND c.relnamespace = 'public'::regnamespace
		 WHERE k.contype IN ('c', 'f')`); err != nil {
		t.Fatal(err)
	}
	if _, err := super.Exec(strings.Join(statements, ";")); err != nil {
		t.Fatal(err)
	}
}

func TestEveryChangedColumnIsFound(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := storied(t, db.App)
	if f := sound(t, book); f.Records != 9 {
		t.Fatalf("%+v", f)
	}
	unguard(t, db.Super)
	seed := rand.Uint64()
	t.Logf("rows drawn with seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	tried := 0
	for table, sequence := range sealedTables {
		var columns []struct {
			Name string `db:"column_name"`
			Kind string `db:"data_type"`
		}
		if err := db.Super.Select(&columns, `
			SELECT column_name, data_type
			  FROM information_schema.columns
			 WHERE table_schema = 'public' AND table_name = $1`, table); err != nil {
			t.Fatal(err)
		}
		var rows []struct {
			Place    string `db:"ctid"`
			Sequence *int64 `db:"sequence"`
		}
		// Rows no sealed record names, such as the actors of members, are not of the log.
		if err := db.Super.Select(&rows, fmt.Sprintf(`SELECT x.ctid::text AS ctid, %s AS sequence FROM %s x`, sequence, table)); err != nil {
			t.Fatal(err)
		}
		chance.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, column := range columns {
			if unsaid[table+"."+column.Name] {
				continue
			}
			for n, row := range rows {
				if sequence != "NULL" && row.Sequence == nil || n > 3 {
					continue
				}
				update := fmt.Sprintf(`UPDATE %s SET %s = %s WHERE ctid = '%s'`, table, column.Name, changed(column.Name, column.Kind), row.Place)
				if column.Name == "organisation_id" {
					update = fmt.Sprintf(`UPDATE %s SET organisation_id = organisation_id + 100000 WHERE ctid = '%s'`, table, row.Place)
					if table == "log_heads" {
						continue // without its head Verify does not begin
					}
				}
				tried++
				f := inSecret(t, db.Super, book, chain.Examination{}, update)
				if !names(f, row.Sequence) {
					t.Errorf("%s: got %v; want sequence %v", update, f.Faults, row.Sequence)
				}
			}
		}
	}
	if tried < 150 {
		t.Errorf("only %d changes were tried", tried)
	}
	sound(t, book)
}

// names reports whether a fault is told of the sequence, or any where there is none.
func names(f chain.Finding, sequence *int64) bool {
	for _, fault := range f.Faults {
		if sequence == nil || fault.Sequence == *sequence {
			return true
		}
	}
	return false
}

func TestSwappedDroppedAndCutRowsAreFound(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := storied(t, db.App)
	unguard(t, db.Super)
	for _, c := range []struct {
		name  string
		first int64
		do    []string
	}{
		{"two numbers swapped", 3, []string{
			`UPDATE seal SET sequence = -3 WHERE sequence = 3`, `UPDATE seal SET sequence = 3 WHERE sequence = 6`,
			`UPDATE seal SET sequence = 6 WHERE sequence = -3`}},
		{"two records swapped", 3, []string{
			`UPDATE seal SET record_id = CASE sequence WHEN 3 THEN -6 ELSE -3 END WHERE sequence IN (3, 6)`,
			`UPDATE seal x SET record_id = (SELECT min(id) + CASE x.record_id WHEN -6 THEN 5 ELSE 2 END FROM log_record) WHERE record_id < 0`}},
		{"the entries of two transactions swapped", 2, []string{
			`CREATE TEMPORARY TABLE pair AS
			 SELECT (SELECT r.subject_id FROM seal s JOIN log_record r ON r.id = s.record_id WHERE s.sequence = 2) AS a,
			        (SELECT r.subject_id FROM seal s JOIN log_record r ON r.id = s.record_id WHERE s.sequence = 8) AS b`,
			`UPDATE entry SET transaction_id = -1 WHERE transaction_id = (SELECT a FROM pair)`,
			`UPDATE entry SET transaction_id = (SELECT a FROM pair) WHERE transaction_id = (SELECT b FROM pair)`,
			`UPDATE entry SET transaction_id = (SELECT b FROM pair) WHERE transaction_id = -1`}},
		{"two salts swapped", 2, []string{
			`UPDATE salt x SET salt = y.salt
			   FROM salt y, seal a, seal b
			  WHERE a.sequence IN (2, 5) AND b.sequence = 7 - a.sequence AND x.record_id = a.record_id AND y.record_id = b.record_id`}},
		{"two hashes swapped", 2, []string{
			`UPDATE seal x SET hash = y.hash FROM seal y WHERE x.sequence IN (2, 5) AND y.sequence = 7 - x.sequence`}},
		{"a seal dropped", 4, []string{`DELETE FROM seal WHERE sequence = 4`}},
		{"the first dropped", 1, []string{`DELETE FROM seal WHERE sequence = 1`}},
		{"a record dropped", 4, []string{`DELETE FROM log_record WHERE id = (SELECT record_id FROM seal WHERE sequence = 4)`}},
		{"a transaction dropped", 2, []string{
			`DELETE FROM transaction WHERE id = (SELECT subject_id FROM log_record WHERE id = (SELECT record_id FROM seal WHERE sequence = 2))`}},
		{"entries added", 2, []string{
			`INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, amount, booked_on)
			 SELECT organisation_id, transaction_id, number + 2, account, fund_id, amount, booked_on
			   FROM entry
			  WHERE transaction_id = (SELECT subject_id FROM log_record WHERE id = (SELECT record_id FROM seal WHERE sequence = 2))`}},
		{"the tail cut", 8, []string{`DELETE FROM seal WHERE sequence >= 8`}},
		{"everything cut", 1, []string{`DELETE FROM seal`}},
	} {
		f := inSecret(t, db.Super, book, chain.Examination{}, c.do...)
		if len(f.Faults) == 0 || f.Faults[0].Sequence != c.first {
			t.Errorf("%s: got %v; want %d first", c.name, f.Faults, c.first)
		}
	}
	for name, statements := range map[string][]string{
		"a transaction hidden from the log": {`DELETE FROM unsealed`},
		"a period closed before": {`INSERT INTO period (organisation_id, until_on, kind, actor_id, closed_at)
			SELECT organisation_id, '2026-11-30', 'month', actor_id, posted_at - interval '1 hour' FROM transaction LIMIT 1`},
		"a record queued again": {`INSERT INTO unsealed (organisation_id, record_id) SELECT organisation_id, record_id FROM seal LIMIT 1`},
		"nothing queued":        {`INSERT INTO unsealed (organisation_id, record_id) SELECT organisation_id, 99999 FROM seal LIMIT 1`},
		"a checkpoint made up":  {`INSERT INTO checkpoint (organisation_id, size, root, tree, note, signed_at) SELECT organisation_id, 3, hash, '', '', now() FROM seal LIMIT 1`},
		"a salt dropped":        {`DELETE FROM salt WHERE ctid = (SELECT min(ctid) FROM salt)`},
		"a roll-up row dropped": {`DELETE FROM rollup WHERE ctid = (SELECT min(ctid) FROM rollup)`},
		"a roll-up row added": {`INSERT INTO rollup (organisation_id, fund_id, account, use_id, initiative_id, segment, month, amount, entries)
			SELECT organisation_id, fund_id, account, 9999, 0, '', month, 1, 1 FROM rollup LIMIT 1`},
	} {
		if strings.HasPrefix(name, "a transaction") {
			book.Post(t)
		}
		if f := inSecret(t, db.Super, book, chain.Examination{}, statements...); len(f.Faults) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}

func TestForgottenPrivatePartLeavesTheLogWhole(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := storied(t, db.App)
	var id, payee int64
	if err := db.App.Get(&id, `SELECT min(transaction_id) FROM memo WHERE organisation_id = $1`, book.ID); err != nil {
		t.Fatal(err)
	}
	if err := db.App.Get(&payee, `SELECT id FROM counterparty WHERE organisation_id = $1`, book.ID); err != nil {
		t.Fatal(err)
	}
	ledgertest.Must(t, db.App, func(tx *sqlx.Tx) error {
		if _, err := tx.Exec(`UPDATE memo SET text = '', erased_at = now() WHERE organisation_id = $1 AND transaction_id = $2`, book.ID, id); err != nil {
			return err
		}
		if n, err := chain.Forget(t.Context(), tx, book.ID, ledgertest.At, id); err != nil || n != 1 {
			t.Errorf("forgot %d, %v; want 1", n, err)
		}
		if _, err := tx.Exec(`UPDATE counterparty SET name = '(削除)', erased_at = now() WHERE organisation_id = $1 AND id = $2`, book.ID, payee); err != nil {
			return err
		}
		if n, err := chain.ForgetCounterparty(t.Context(), tx, book.ID, ledgertest.At, payee); err != nil || n != 1 {
			t.Errorf("forgot %d, %v; want 1", n, err)
		}
		return nil
	})
	if f := sound(t, book); f.Closed != 2 || f.Records != 9 || f.Unsealed != 2 {
		t.Errorf("got %+v; want two closed, and two records of that", f)
	}
	seal(t, book)
	sound(t, book)
	// The public part is still held.
	unguard(t, db.Super)
	f := inSecret(t, db.Super, book, chain.Examination{}, fmt.Sprintf(`UPDATE entry SET amount = amount - 1 WHERE transaction_id = %d AND account = 4411`, id))
	if len(f.Faults) == 0 || f.Faults[0].Sequence == 0 {
		t.Errorf("a changed public line was not found: %v", f.Faults)
	}
}

func TestPapersAddedLaterDoNotChangeTheSeal(t *testing.T) {
	t.Parallel()
	book := storied(t, pgtest.New(t).App)
	var expense int64
	if err := book.DB.Get(&expense, `SELECT id FROM expense WHERE organisation_id = $1`, book.ID); err != nil {
		t.Fatal(err)
	}
	ledgertest.Must(t, book.DB, func(tx *sqlx.Tx) error {
		_, err := ledger.AddEvidence(t.Context(), tx, ledger.Evidence{
			OrganisationID: book.ID, ExpenseID: expense, FileHash: make([]byte, 32), Type: "application/pdf", Size: 10,
		}, book.Treasurer, ledgertest.At)
		return err
	})
	sound(t, book)
}

func TestTruncatedTablesAreFound(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := storied(t, db.App)
	unguard(t, db.Super)
	for _, table := range []string{"transaction", "entry", "memo", "log_record", "seal", "salt", "actor", "counterparty", "evidence", "rollup"} {
		if f := inSecret(t, db.Super, book, chain.Examination{}, `TRUNCATE `+table); len(f.Faults) == 0 {
			t.Errorf("%s: not found", table)
		}
	}
	// Who empties the whole log and sets its head back is found by whoever kept a checkpoint.
	whole := sound(t, book)
	blank := []string{
		`TRUNCATE transaction, entry, memo, log_record, seal, salt, rollup, evidence, expense, expense_line, unsealed`,
		fmt.Sprintf(`UPDATE log_heads SET sequence = 0, hash = '' WHERE organisation_id = %d`, book.ID),
	}
	if f := inSecret(t, db.Super, book, chain.Examination{}, blank...); len(f.Faults) > 0 || f.Records != 0 {
		t.Errorf("an empty book: %+v", f)
	}
	kept := chain.Examination{Checkpoints: []chain.Checkpoint{{Size: whole.Records, Root: whole.Root}}}
	if f := inSecret(t, db.Super, book, kept, blank...); len(f.Faults) != 1 || f.Faults[0].Sequence != 1 {
		t.Errorf("against a checkpoint: got %v; want the first record missing", f.Faults)
	}
}
