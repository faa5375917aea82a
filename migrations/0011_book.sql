-- Sums of the book that do not grow with its age, and guards that cost less.

-- +goose Up

-- Every entry there is, summed by month as far as it is sealed and one by one as long as it waits: what reads it never adds up the years
-- before. 0 and '' stand for none, as in rollup. The entries of a transaction are looked up by its key, so that no plan
-- made for a small queue reads a whole fund.
CREATE VIEW flow AS
SELECT r.organisation_id, r.fund_id, r.account, r.use_id, r.initiative_id, r.segment, r.month, r.amount, r.entries
  FROM rollup r
 UNION ALL
SELECT u.organisation_id, e.fund_id, e.account, coalesce(e.use_id, 0), coalesce(e.initiative_id, 0), coalesce(e.segment, ''),
       e.booked_on - (extract(day FROM e.booked_on)::int - 1), e.amount, 1
  FROM unsealed u
  JOIN log_record l ON l.organisation_id = u.organisation_id AND l.id = u.record_id AND l.kind = 'transaction'
 CROSS JOIN LATERAL (
   SELECT x.fund_id, x.account, x.use_id, x.initiative_id, x.segment, x.booked_on, x.amount
     FROM entry x
    WHERE x.organisation_id = l.organisation_id AND x.transaction_id = l.subject_id
   OFFSET 0) AS e;

-- The entries of gifts in kind and of their reversals, which no sum of yen counts: found by the income they are booked as (4220 to 4240).
CREATE VIEW goods AS
SELECT g.organisation_id, g.fund_id, e.account, coalesce(e.use_id, 0) AS use_id, e.amount
  FROM (SELECT DISTINCT i.organisation_id, i.fund_id, i.transaction_id
          FROM entry i
         WHERE i.account BETWEEN 4220 AND 4240) AS g
 CROSS JOIN LATERAL (
   SELECT x.account, x.use_id, x.amount
     FROM entry x
    WHERE x.organisation_id = g.organisation_id AND x.transaction_id = g.transaction_id AND x.fund_id = g.fund_id
   OFFSET 0) AS e
 WHERE (SELECT t.kind = 'in_kind' OR coalesce( -- asked of one transaction at a time, by its key
                 (SELECT o.kind = 'in_kind' FROM transaction o WHERE o.organisation_id = t.organisation_id AND o.id = t.reverses), false)
          FROM transaction t
         WHERE t.organisation_id = g.organisation_id AND t.id = g.transaction_id);

GRANT SELECT ON flow, goods TO tsukaimichi_app;

-- As before, and the record has to wait for the sealer: what is neither sealed nor waiting would be missing from every sum. One look finds
-- that all is there: entry_guard lets the last entry in only together with all others. What is missing is told by a second one.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION transaction_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM log_record r
        JOIN unsealed u ON u.organisation_id = r.organisation_id AND u.record_id = r.id
        JOIN entry e ON e.organisation_id = r.organisation_id AND e.transaction_id = r.subject_id AND e.number = NEW.entry_count
       WHERE r.organisation_id = NEW.organisation_id AND r.kind = 'transaction' AND r.subject_id = NEW.id) THEN
    IF NEW.entry_count <> (SELECT count(*) FROM entry e WHERE e.organisation_id = NEW.organisation_id AND e.transaction_id = NEW.id) THEN
      PERFORM refuse('transaction_has_its_entries', 'a transaction without its entries');
    END IF;
    PERFORM refuse('transaction_is_recorded', 'a transaction without a log record that waits to be sealed');
  END IF;
  IF NEW.reverses IS NOT NULL THEN
    IF EXISTS (
        SELECT FROM transaction t
         WHERE t.organisation_id = NEW.organisation_id AND t.id = NEW.reverses AND (t.kind = 'reversal' OR t.booked_on > NEW.booked_on))
      OR EXISTS (
        SELECT FROM entry e
         WHERE e.organisation_id = NEW.organisation_id AND e.transaction_id = ANY (ARRAY[NEW.id, NEW.reverses])
         GROUP BY e.account, e.fund_id, e.segment, e.initiative_id, e.use_id, e.counterparty_id
        HAVING sum(e.amount) <> 0) THEN
      PERFORM refuse('transaction_reversal_mirrors', 'a reversal differs from what it reverses');
    END IF;
  END IF;
  IF NEW.kind = 'opening' THEN
    PERFORM lock_book(NEW.organisation_id, true);
    IF 1 < (SELECT count(*) FROM transaction t
             WHERE t.organisation_id = NEW.organisation_id AND t.kind = 'opening'
               AND NOT EXISTS (SELECT FROM transaction r WHERE r.organisation_id = t.organisation_id AND r.reverses = t.id)) THEN
      PERFORM refuse('transaction_one_opening', 'opening balances stand already');
    END IF;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- What entries may name now, in one row of an organisation: guarding a set by it costs one look-up instead of one into each of six
-- tables. Only the triggers below write it, as the owner; the program reads it. The row comes with the head of the log and
-- stays, so that an organisation without the one has not the other.
CREATE TABLE postable (
  organisation_id bigint NOT NULL,
  open_accounts   int[] NOT NULL,
  open_funds      bigint[] NOT NULL,
  any_initiatives bigint[] NOT NULL,
  closed_until    date, -- the last closed day
  CONSTRAINT postable_pkey PRIMARY KEY (organisation_id),
  CONSTRAINT postable_organisation_fkey FOREIGN KEY (organisation_id) REFERENCES organisation (id)
);

-- renew_postable takes the row first and looks afterwards, so that of two who change something at once the later sees both.
-- +goose StatementBegin
CREATE FUNCTION renew_postable() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  o bigint;
BEGIN
  FOR o IN SELECT DISTINCT c.organisation_id FROM changed c ORDER BY 1 LOOP
    IF TG_TABLE_NAME = 'log_heads' THEN
      INSERT INTO postable (organisation_id, open_accounts, open_funds, any_initiatives) VALUES (o, '{}', '{}', '{}');
    END IF;
    PERFORM FROM postable p WHERE p.organisation_id = o FOR UPDATE;
    UPDATE postable
       SET open_accounts = ARRAY(SELECT a.code FROM account a WHERE a.organisation_id = o AND a.closed_on IS NULL ORDER BY a.code),
           open_funds = ARRAY(SELECT f.id FROM fund f WHERE f.organisation_id = o AND f.closed_on IS NULL ORDER BY f.id),
           any_initiatives = ARRAY(SELECT n.id FROM initiative n WHERE n.organisation_id = o ORDER BY n.id),
           closed_until = (SELECT max(p.until_on) FROM period p WHERE p.organisation_id = o)
     WHERE organisation_id = o;
  END LOOP;
  RETURN NULL;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION renew_postable() FROM PUBLIC;

CREATE TRIGGER log_heads_postable AFTER INSERT ON log_heads
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION renew_postable();
CREATE TRIGGER account_postable AFTER INSERT ON account
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION renew_postable();
CREATE TRIGGER account_changed_postable AFTER UPDATE ON account
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION renew_postable();
CREATE TRIGGER fund_postable AFTER INSERT ON fund
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION renew_postable();
CREATE TRIGGER fund_changed_postable AFTER UPDATE ON fund
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION renew_postable();
CREATE TRIGGER initiative_postable AFTER INSERT ON initiative
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION renew_postable();
CREATE TRIGGER period_postable AFTER INSERT ON period
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION renew_postable();
ALTER TABLE log_heads ENABLE ALWAYS TRIGGER log_heads_postable;
ALTER TABLE account ENABLE ALWAYS TRIGGER account_postable;
ALTER TABLE account ENABLE ALWAYS TRIGGER account_changed_postable;
ALTER TABLE fund ENABLE ALWAYS TRIGGER fund_postable;
ALTER TABLE fund ENABLE ALWAYS TRIGGER fund_changed_postable;
ALTER TABLE initiative ENABLE ALWAYS TRIGGER initiative_postable;
ALTER TABLE period ENABLE ALWAYS TRIGGER period_postable;

-- The triggers stand before the rows are filled in, and the tables are locked by them until this commits: nothing is missed in between.
INSERT INTO postable (organisation_id, open_accounts, open_funds, any_initiatives, closed_until)
SELECT h.organisation_id,
       ARRAY(SELECT a.code FROM account a WHERE a.organisation_id = h.organisation_id AND a.closed_on IS NULL ORDER BY a.code),
       ARRAY(SELECT f.id FROM fund f WHERE f.organisation_id = h.organisation_id AND f.closed_on IS NULL ORDER BY f.id),
       ARRAY(SELECT n.id FROM initiative n WHERE n.organisation_id = h.organisation_id ORDER BY n.id),
       (SELECT max(p.until_on) FROM period p WHERE p.organisation_id = h.organisation_id)
  FROM log_heads h;

CREATE TRIGGER postable_kept BEFORE DELETE OR TRUNCATE OR UPDATE OF organisation_id ON postable
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE postable ENABLE ALWAYS TRIGGER postable_kept;
GRANT SELECT ON postable TO tsukaimichi_app;

-- entry_guard keeps every rule it had. It takes the lock of the book without a query, and then asks one row whether all that the set names
-- is open; only what is not in it is looked up. Uses and counterparties are many, and looked up where they are named.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION entry_guard() RETURNS trigger LANGUAGE plpgsql
  SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  o bigint; o_last bigint; day_first date; day_last date; id_first bigint; id_last bigint; fund_first bigint; fund_last bigint;
  lines int; number_last int; total numeric;
  ids bigint[]; counts int[]; days date[];
  accounts int[]; funds bigint[]; initiatives bigint[]; counterparties bigint[]; uses bigint[]; gifts bigint[];
  known record; locked boolean; whole boolean;
BEGIN
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    PERFORM refuse('entry_read_committed', 'entries are posted in READ COMMITTED');
  END IF;
  SELECT min(organisation_id), max(organisation_id), min(booked_on), max(booked_on), min(transaction_id), max(transaction_id),
         min(fund_id), max(fund_id), count(*), max(number), sum(amount),
         array_agg(account), array_agg(fund_id), array_agg(initiative_id) FILTER (WHERE initiative_id IS NOT NULL),
         array_agg(counterparty_id) FILTER (WHERE counterparty_id IS NOT NULL), array_agg(use_id) FILTER (WHERE use_id IS NOT NULL),
         array_agg(transaction_id) FILTER (WHERE account IN (4210, 4219))
    INTO o, o_last, day_first, day_last, id_first, id_last, fund_first, fund_last, lines, number_last, total,
         accounts, funds, initiatives, counterparties, uses, gifts
    FROM inserted;
  IF o IS NULL THEN
    RETURN NULL; -- nothing was inserted
  END IF;
  IF o <> o_last THEN
    PERFORM refuse('entry_one_organisation', 'entries of two organisations in one statement');
  END IF;
  IF id_first <> id_last OR fund_first <> fund_last OR total <> 0 THEN
    IF EXISTS (SELECT FROM inserted GROUP BY transaction_id, fund_id HAVING sum(amount) <> 0) THEN
      PERFORM refuse('entry_balanced_per_fund', 'the entries of a transaction do not sum to zero in each fund');
    END IF;
  END IF;
  IF 3200 = ANY (accounts) THEN
    IF EXISTS (SELECT FROM inserted WHERE account = 3200 GROUP BY transaction_id HAVING sum(amount) <> 0) THEN
      PERFORM refuse('entry_fund_transfer_pairs', 'a transfer between funds does not sum to zero');
    END IF;
  END IF;

  -- As lock_book(o, false) does, and without the cost of a query. The next one sees what was committed while this waited.
  locked := pg_advisory_xact_lock_shared(hashtextextended('book', o)) IS NOT NULL;
  SELECT (SELECT t.entry_count = lines AND t.booked_on = day_first AND day_first = day_last AND number_last = lines
            FROM transaction t WHERE t.organisation_id = o AND t.id = id_first) AS header,
         p.closed_until, accounts <@ p.open_accounts AS accounts, funds <@ p.open_funds AS funds,
         initiatives IS NULL OR initiatives <@ p.any_initiatives AS initiatives
    INTO known
    FROM postable p
   WHERE p.organisation_id = o;
  IF NOT FOUND THEN
    PERFORM refuse('organisation_has_log', 'an organisation without the head of its log');
  END IF;
  whole := known.header;
  IF id_first = id_last THEN
    ids := ARRAY[id_first];
  ELSE
    SELECT array_agg(id), array_agg(n), array_agg(day) INTO ids, counts, days
      FROM (SELECT transaction_id AS id, count(*)::int AS n,
                   CASE WHEN min(booked_on) = max(booked_on) AND max(number) = count(*) THEN min(booked_on) END AS day
              FROM inserted GROUP BY transaction_id) AS one;
    whole := (SELECT bool_and(coalesce(
                       (SELECT t.entry_count = i.n AND t.booked_on = i.day
                          FROM transaction t WHERE t.organisation_id = o AND t.id = i.id), false))
                FROM unnest(ids, counts, days) AS i (id, n, day));
  END IF;
  IF whole IS NOT TRUE THEN
    PERFORM refuse('entry_set_complete', 'entries do not make up their transaction: number, day or header differ');
  END IF;
  IF known.closed_until >= day_first THEN
    PERFORM refuse('entry_period_open', 'the period is closed');
  END IF;
  IF NOT known.accounts THEN
    IF NOT (SELECT bool_and(coalesce(
                     (SELECT a.closed_on IS NULL OR a.closed_on > day_last
                        FROM account a WHERE a.organisation_id = o AND a.code = i.code), false))
              FROM unnest(accounts) AS i (code)) THEN
      PERFORM refuse('entry_account_open', 'an account does not exist or is closed');
    END IF;
  END IF;
  IF NOT known.funds THEN
    IF NOT (SELECT bool_and(coalesce(
                     (SELECT f.closed_on IS NULL OR f.closed_on > day_last
                        FROM fund f WHERE f.organisation_id = o AND f.id = i.id), false))
              FROM unnest(funds) AS i (id)) THEN
      PERFORM refuse('entry_fund_open', 'a fund does not exist or is closed');
    END IF;
  END IF;
  IF uses IS NOT NULL THEN
    SELECT array_agg(use_id), array_agg(fund_id) INTO uses, funds FROM inserted WHERE use_id IS NOT NULL;
    IF NOT (SELECT bool_and(coalesce(
                     (SELECT u.fund_id = i.fund_id FROM use u WHERE u.organisation_id = o AND u.id = i.use_id), false))
              FROM unnest(uses, funds) AS i (use_id, fund_id)) THEN
      PERFORM refuse('entry_use_of_its_fund', 'a use does not belong to the fund of its entry');
    END IF;
  END IF;
  IF NOT known.initiatives THEN
    PERFORM refuse('entry_initiative_exists', 'an initiative does not exist');
  END IF;
  IF counterparties IS NOT NULL THEN
    IF NOT (SELECT bool_and(EXISTS (SELECT FROM counterparty c WHERE c.organisation_id = o AND c.id = i.id))
              FROM unnest(counterparties) AS i (id)) THEN
      PERFORM refuse('entry_counterparty_exists', 'a counterparty does not exist');
    END IF;
  END IF;
  IF 3100 = ANY (accounts) THEN
    IF EXISTS (
        SELECT FROM entry e
          JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
         WHERE e.organisation_id = o AND e.transaction_id = ANY (ids) AND e.account = 3100 AND t.kind NOT IN ('opening', 'reversal')) THEN
      PERFORM refuse('entry_opening_only', 'account 3100 takes opening balances only');
    END IF;
  END IF;
  IF gifts IS NOT NULL THEN
    PERFORM gift_guard(o, gifts);
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- Planning its question anew for each gift cost more than asking it. A plan that is kept must not have been made for an empty book: it
-- goes by keys.
ALTER FUNCTION gift_guard(bigint, bigint[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION gift_guard(bigint, bigint[]) SET enable_seqscan = off;
ALTER FUNCTION gift_guard(bigint, bigint[]) SET enable_hashjoin = off;
ALTER FUNCTION gift_guard(bigint, bigint[]) SET enable_mergejoin = off;

-- Expenses with neither a paper nor a reason for having none: few, while all there ever were are many. Whoever reads it looks at the
-- expense again; here only none may be missing.
CREATE TABLE bare_expense (
  organisation_id bigint NOT NULL,
  expense_id      bigint NOT NULL,
  CONSTRAINT bare_expense_pkey PRIMARY KEY (organisation_id, expense_id),
  CONSTRAINT bare_expense_expense_fkey FOREIGN KEY (organisation_id, expense_id) REFERENCES expense (organisation_id, id)
);
GRANT SELECT, INSERT, DELETE ON bare_expense TO tsukaimichi_app;

-- +goose StatementBegin
CREATE FUNCTION note_bare() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  wanted bigint := CASE TG_TABLE_NAME WHEN 'expense' THEN (to_jsonb(NEW) ->> 'id')::bigint ELSE (to_jsonb(NEW) ->> 'expense_id')::bigint END;
BEGIN
  IF wanted IS NULL THEN
    RETURN NULL; -- a paper of another transaction
  END IF;
  PERFORM FROM expense x WHERE x.organisation_id = NEW.organisation_id AND x.id = wanted FOR NO KEY UPDATE; -- one after the other
  IF EXISTS (
      SELECT FROM expense x
       WHERE x.organisation_id = NEW.organisation_id AND x.id = wanted AND x.status <> 'refused' AND x.no_paper_reason = ''
         AND NOT EXISTS (SELECT FROM evidence v WHERE v.organisation_id = x.organisation_id AND v.expense_id = x.id AND v.erased_at IS NULL)) THEN
    INSERT INTO bare_expense (organisation_id, expense_id) VALUES (NEW.organisation_id, wanted) ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM bare_expense WHERE organisation_id = NEW.organisation_id AND expense_id = wanted;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER expense_bare AFTER INSERT OR UPDATE ON expense FOR EACH ROW EXECUTE FUNCTION note_bare();
CREATE TRIGGER evidence_bare AFTER INSERT OR UPDATE ON evidence FOR EACH ROW EXECUTE FUNCTION note_bare();
ALTER TABLE expense ENABLE ALWAYS TRIGGER expense_bare;
ALTER TABLE evidence ENABLE ALWAYS TRIGGER evidence_bare;
INSERT INTO bare_expense (organisation_id, expense_id)
SELECT x.organisation_id, x.id
  FROM expense x
 WHERE x.status <> 'refused' AND x.no_paper_reason = ''
   AND NOT EXISTS (SELECT FROM evidence v WHERE v.organisation_id = x.organisation_id AND v.expense_id = x.id AND v.erased_at IS NULL);

-- Lists that begin at their newest line, and what is looked for among all there ever was.
CREATE INDEX expense_day ON expense (organisation_id, paid_on, id);
CREATE INDEX expense_owed ON expense (organisation_id, paid_on, id) WHERE status = 'checked' AND account = 2110;
CREATE INDEX donation_entered ON donation (organisation_id, entered_at, id);
CREATE INDEX donation_receipt_wanted ON donation (organisation_id, id) WHERE status = 'paid' AND receipt_wanted <> 'none' AND reversed_at IS NULL;
