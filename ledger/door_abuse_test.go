package ledger_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// byDoor posts what a book's Transaction is.
func (r *rows) byDoor(edits ...func(*ledger.Transaction)) (id int64) {
	if r.err == nil {
		id, r.err = ledger.Post(r.t.Context(), r.tx, r.book.Transaction(edits...))
	}
	return id
}

func TestBookStaysGuardedBesideTheDoor(t *testing.T) {
	t.Parallel()
	uneven := func(r *rows) {
		lines := r.sale()
		lines[0].Amount = 499
		r.post(lines)
	}
	opening := func(x *ledger.Transaction) { x.Kind, x.Entries[1].Account = ledger.OpeningBalance, ledger.Opening }
	third := func(r *rows, id int64) {
		r.lines(id, line{Number: 3, Account: ledger.CashBox, FundID: r.book.General, Amount: 1})
	}
	check(t, []refusal{
		{name: "an entry more", want: ledger.ErrUnbalanced, write: func(r *rows) { third(r, r.byDoor()) }},
		{name: "entries more, even", want: ledger.ErrIncomplete, write: func(r *rows) {
			id, lines := r.byDoor(), r.sale()
			lines[0].Number, lines[1].Number = 3, 4
			r.lines(id, lines...)
		}},
		{name: "an entry more of what stands", want: ledger.ErrUnbalanced,
			setUp: func(r *rows) { r.byDoor(func(x *ledger.Transaction) { x.Source = "standing" }) },
			write: func(r *rows) {
				r.byDoor()
				third(r, r.id(`SELECT id FROM transaction WHERE organisation_id = $1 AND source = 'standing'`, r.book.ID))
			}},
		{name: "an entry in the place of another", want: ledger.ErrIncomplete, write: func(r *rows) {
			r.lines(r.byDoor(), line{Number: 2, Account: ledger.CashBox, FundID: r.book.General, Amount: 1})
		}},
		{name: "uneven rows before", want: ledger.ErrUnbalanced, write: func(r *rows) { uneven(r); r.byDoor() }},
		{name: "uneven rows after", want: ledger.ErrUnbalanced, write: func(r *rows) { r.byDoor(); uneven(r) }},
		{name: "header without entries before", want: ledger.ErrIncomplete, write: func(r *rows) { r.header(); r.byDoor() }},
		{name: "header without entries after", want: ledger.ErrIncomplete, write: func(r *rows) { r.byDoor(); r.header() }},
		{name: "taken out of the queue", want: ledger.ErrIncomplete, write: func(r *rows) {
			r.exec(`DELETE FROM unsealed WHERE organisation_id = $1 AND record_id = $2`, r.book.ID, r.byDoor())
		}},
		{name: "a second opening", want: ledger.ErrPostedBefore,
			setUp: func(r *rows) { r.byDoor(opening) },
			write: func(r *rows) { r.byDoor(opening) }},
		{name: "an older snapshot", want: ledger.ErrIsolation, write: func(r *rows) {
			r.exec(`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`)
			r.byDoor()
		}},
		{name: "a serializable snapshot", want: ledger.ErrIsolation, write: func(r *rows) {
			r.exec(`SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`)
			r.byDoor()
		}},
	})
}

// Guards let pass what the owner writes for somebody else: nobody may be taken for him who is not at the door.
func TestWhoTakesTheOwnersRoleIsNotAtTheDoor(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	for name, c := range map[string]struct {
		want  error
		write func(r *rows)
	}{
		"uneven": {ledger.ErrUnbalanced, func(r *rows) {
			lines := r.sale()
			lines[0].Amount = 499
			r.post(lines)
		}},
		"header without entries": {ledger.ErrIncomplete, func(r *rows) { r.header() }},
	} {
		err := write(t, db.Super, book, func(r *rows) {
			r.exec(`SET LOCAL ROLE ` + pgtest.OwnerRole)
			c.write(r)
		})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v; want %v", name, err, c.want)
		}
	}
}

func TestDoorOpensToTheProgramAlone(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	stranger := func(r *rows) {
		r.exec(`SET LOCAL ROLE pg_read_all_data`)
		r.exec(door, ask(h.simple(2), h.key).arguments()...)
	}
	if err := write(t, h.db.Super, h.book, stranger); !errors.Is(err, ledger.ErrNoRight) {
		t.Errorf("a stranger: got %v; want ErrNoRight", err)
	}
	var makes []string
	if err := h.db.App.Select(&makes, `
		SELECT nspname
		  FROM pg_namespace
		 WHERE has_schema_privilege(oid, 'CREATE')
		 UNION ALL
		SELECT datname
		  FROM pg_database
		 WHERE datname = current_database() AND has_database_privilege(oid, 'CREATE')`); err != nil || len(makes) > 0 {
		t.Errorf("the program's role may make things in %v, %v; want nowhere", makes, err)
	}
}

// A caller's settings change nothing about the door.
func TestDoorIsTheSameUnderEverySetting(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for _, setting := range []string{
		`SET LOCAL search_path = ''`, `SET LOCAL search_path = pg_temp, practice, information_schema`, `SET LOCAL ROLE ` + migrations.AppRole,
		`SET LOCAL transform_null_equals = on`, `SET LOCAL array_nulls = off`, `SET CONSTRAINTS ALL IMMEDIATE`,
	} {
		for want, first := range map[error]int64{nil: 100, ledger.ErrUnbalanced: 101, ledger.ErrOverflow: 0} {
			err := write(t, h.db.App, h.book, func(r *rows) {
				a := ask(h.simple(2), h.key)
				put(a.amounts, &first)
				r.exec(setting)
				r.exec(door, a.arguments()...)
			})
			if !errors.Is(err, want) {
				t.Errorf("%s, %d for 100: got %v; want %v", setting, first, err, want)
			}
		}
	}
}

// Nothing that the program's role may make for its session stands in for what the owner reads, writes or declares behind the door. Functions and
// operators are not looked for there; tables and types are, and a type may call a function.
func TestNothingTemporaryGetsBehindTheDoor(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	var ids []int64
	mustWrite(t, fresh(t, h.db), h.book, func(r *rows) {
		r.exec(`
			CREATE FUNCTION pg_temp.stranger() RETURNS boolean LANGUAGE plpgsql AS $$
			BEGIN
			  IF current_user <> session_user THEN
			    RAISE 'a stranger acts as %', current_user;
			  END IF;
			  RETURN true;
			END $$`)
		r.exec(`
			DO $$
			DECLARE name pg_catalog.text;
			BEGIN
			  FOR name IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' LOOP
			    EXECUTE format('CREATE TEMPORARY TABLE %I (LIKE public.%1$I)', name);
			    EXECUTE format('GRANT ALL ON %I TO PUBLIC', name);
			  END LOOP;
			  FOR name IN SELECT y.typname FROM pg_type y
			               WHERE y.typnamespace = 'pg_catalog'::regnamespace AND y.typtype IN ('b', 'p') AND y.typname !~ '^_' LOOP
			    EXECUTE format('CREATE DOMAIN pg_temp.%I AS pg_catalog.text CHECK (pg_temp.stranger())', name);
			  END LOOP;
			END $$`)
		r.exec(`SET CONSTRAINTS ALL IMMEDIATE`)
		opening := h.of(ledger.OpeningBalance,
			ledger.Entry{Account: ledger.CashBox, FundID: h.book.General, Amount: 700}, ledger.Entry{Account: ledger.Opening, FundID: h.book.General, Amount: -700})
		for _, x := range append([]ledger.Transaction{h.simple(3), h.given, h.returned, opening}, h.standing...) {
			x.Source = h.of(x.Kind).Source
			ids = append(ids, r.id(door, ask(x, h.key).arguments()...))
			if r.err != nil {
				t.Fatalf("%s: %v", x.Kind, r.err)
			}
		}
	})
	for _, id := range ids {
		var n int
		if err := h.db.Owner.Get(&n, `
			SELECT count(*)
			  FROM transaction t
			  JOIN entry e ON e.organisation_id = t.organisation_id AND e.transaction_id = t.id
			  JOIN unsealed u ON u.organisation_id = t.organisation_id AND u.record_id = t.id
			 WHERE t.organisation_id = $1 AND t.id = $2`, h.book.ID, id); err != nil || n < 2 {
			t.Errorf("transaction %d has %d entries in the book, %v; want what was posted", id, n, err)
		}
	}
}

// A temporary table named record once gave its columns to what the judge knew, and shifted them.
func TestNoTemporaryRecordMakesTheJudgeForget(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for by, statement := range map[string]string{"door": door, "rows": before} {
		err := write(t, fresh(t, h.db), h.book, func(r *rows) {
			r.exec(`CREATE TEMPORARY TABLE record (a bool, b bool, c bool, d bool, e bool, f bool, g bool, h bool,
				linked bool, undone bool, gift bool, moved bool, opening bool, used bool, spent bool, dealt bool)`)
			a := ask(h.simple(2), h.key)
			put(a.accounts, ref(int64(ledger.Opening)))
			r.exec(statement, a.arguments()...)
		})
		if !errors.Is(err, ledger.ErrOpeningOnly) {
			t.Errorf("%s: got %v; want ErrOpeningOnly", by, err)
		}
	}
}

// fresh is a session of the program's role that has looked nothing up yet.
func fresh(t *testing.T, db *pgtest.DB) *sqlx.DB {
	t.Helper()
	session, err := sqlx.Open("postgres", db.AppDSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}
