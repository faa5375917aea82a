-- A transaction waits to be sealed by itself: its log record is written when it is numbered, together with all that waits.
--
-- Transactions and records are numbered from one sequence, and a transaction's record has its number. So the row in the queue says all there
-- is to say until then, and posting writes one row less into one table less. (Records of transactions posted before have numbers of their
-- own, and keep them.) Every table and index that a statement names costs each posting, most where many post at once: so one unique
-- index says what two said beside a third, an index of what is nearly always NULL leaves that out, and the guard judges what three foreign
-- keys did: gifts, refunds and transactions are never removed or renumbered, so having been there is being there.

-- +goose Up

LOCK TABLE transaction, log_record IN ACCESS EXCLUSIVE MODE;
SELECT setval('transaction_id_seq', greatest(t.last_value, r.last_value)) FROM transaction_id_seq t, log_record_id_seq r;
ALTER TABLE log_record ALTER COLUMN id DROP IDENTITY;
ALTER TABLE log_record ALTER COLUMN id SET DEFAULT nextval('transaction_id_seq');
GRANT USAGE ON SEQUENCE transaction_id_seq TO tsukaimichi_app;

-- What waits to be sealed, as the record it is or will be; the instant of one that is not written yet is its transaction's.
CREATE VIEW waiting AS
SELECT u.organisation_id, u.record_id AS id, coalesce(r.kind, 'transaction') AS kind, coalesce(r.subject_id, u.record_id) AS subject_id,
       coalesce(r.content, '') AS content, r.recorded_at
  FROM unsealed u
  LEFT JOIN log_record r ON r.organisation_id = u.organisation_id AND r.id = u.record_id;
GRANT SELECT ON waiting TO tsukaimichi_app;

-- As before.
CREATE OR REPLACE VIEW flow AS
SELECT r.organisation_id, r.fund_id, r.account, r.use_id, r.initiative_id, r.segment, r.month, r.amount, r.entries
  FROM rollup r
 UNION ALL
SELECT w.organisation_id, e.fund_id, e.account, coalesce(e.use_id, 0), coalesce(e.initiative_id, 0), coalesce(e.segment, ''),
       e.booked_on - (extract(day FROM e.booked_on)::int - 1), e.amount, 1
  FROM waiting w
 CROSS JOIN LATERAL (
   SELECT x.fund_id, x.account, x.use_id, x.initiative_id, x.segment, x.booked_on, x.amount
     FROM entry x
    WHERE x.organisation_id = w.organisation_id AND x.transaction_id = w.subject_id
   OFFSET 0) AS e
 WHERE w.kind = 'transaction';

-- Who has acted, beside what may be posted to, each with what he is found by: persons under the names of their time, the program's own
-- doings, and one donor for all.
ALTER TABLE postable
  ADD COLUMN any_actors bigint[] NOT NULL DEFAULT '{}',
  ADD COLUMN actor_keys uuid[] NOT NULL DEFAULT '{}';

CREATE FUNCTION actor_key(kind text, subject_id bigint, name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT md5(kind || ' ' || subject_id::text || ' ' || name)::uuid
$$;

-- As renew_postable does. It takes the book's lock as posting does, and before the row: who closes a period has the one and waits for the other.
-- +goose StatementBegin
CREATE FUNCTION add_actors() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  o bigint;
BEGIN
  FOR o IN SELECT DISTINCT c.organisation_id FROM changed c ORDER BY 1 LOOP
    PERFORM lock_book(o, false);
    PERFORM FROM postable p WHERE p.organisation_id = o FOR UPDATE;
    UPDATE postable
       SET any_actors = ARRAY(SELECT a.id FROM actor a WHERE a.organisation_id = o ORDER BY a.id),
           actor_keys = ARRAY(SELECT actor_key(a.kind, a.subject_id, a.name) FROM actor a WHERE a.organisation_id = o ORDER BY a.id)
     WHERE organisation_id = o;
  END LOOP;
  RETURN NULL;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION add_actors() FROM PUBLIC;
CREATE TRIGGER actor_postable AFTER INSERT ON actor
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION add_actors();
ALTER TABLE actor ENABLE ALWAYS TRIGGER actor_postable;
UPDATE postable
   SET any_actors = ARRAY(SELECT a.id FROM actor a WHERE a.organisation_id = postable.organisation_id ORDER BY a.id),
       actor_keys = ARRAY(SELECT actor_key(a.kind, a.subject_id, a.name) FROM actor a WHERE a.organisation_id = postable.organisation_id ORDER BY a.id);

-- As before, with the actors there are.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION renew_postable() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  o bigint;
BEGIN
  FOR o IN SELECT DISTINCT c.organisation_id FROM changed c ORDER BY 1 LOOP
    IF TG_TABLE_NAME = 'log_heads' THEN
      INSERT INTO postable (organisation_id, open_accounts, open_funds, any_initiatives, any_actors, actor_keys)
      VALUES (o, '{}', '{}', '{}', ARRAY(SELECT a.id FROM actor a WHERE a.organisation_id = o ORDER BY a.id),
              ARRAY(SELECT actor_key(a.kind, a.subject_id, a.name) FROM actor a WHERE a.organisation_id = o ORDER BY a.id));
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

-- As before. A list of more than eight is made into a table for every question that is asked once.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION header_breaks(kind text, source text, entry_count smallint, belongs_on date, booked_on date, reverses bigint, reason text,
  donation_id bigint, refund_id bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN kind NOT IN ('donation', 'expense', 'income', 'payout', 'movement', 'cost', 'repayment', 'refund')
     AND kind NOT IN ('opening', 'refund_failure', 'dispute', 'transfer', 'in_kind', 'grant', 'unclear', 'reversal') THEN 'transaction_kind_known'
    WHEN source = '' THEN 'transaction_source_given'
    WHEN entry_count NOT BETWEEN 2 AND 1000 THEN 'transaction_entry_count'
    WHEN belongs_on > booked_on THEN 'transaction_belongs'
    WHEN (kind = 'reversal') <> (reverses IS NOT NULL) OR (reverses IS NOT NULL AND reason = '') THEN 'transaction_reversal'
    WHEN kind = 'donation' AND donation_id IS NULL THEN 'transaction_donation'
    WHEN kind = 'refund' AND refund_id IS NULL THEN 'transaction_refund'
  END
$$;
-- +goose StatementEnd

-- As before, and what the foreign keys said.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION broken_rules() RETURNS TABLE (organisation_id bigint, transaction_id bigint, rule text)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT t.organisation_id, t.id, broken.rule
    FROM transaction t,
         LATERAL (SELECT header_breaks(t.kind, t.source, t.entry_count, t.belongs_on, t.booked_on, t.reverses, t.reason, t.donation_id, t.refund_id)) AS broken (rule)
   WHERE broken.rule IS NOT NULL
   UNION ALL
  SELECT t.organisation_id, t.id, 'transaction_actor_exists'
    FROM transaction t
    LEFT JOIN actor a ON a.organisation_id = t.organisation_id AND a.id = t.actor_id
   WHERE a.id IS NULL
   UNION ALL
  SELECT t.organisation_id, t.id,
         CASE
           WHEN t.reverses IS NOT NULL AND n.id IS NULL THEN 'transaction_reverses_exists'
           WHEN t.donation_id IS NOT NULL AND d.id IS NULL THEN 'transaction_donation_exists'
           WHEN r.id IS NULL THEN 'transaction_refund_exists'
           ELSE 'entry_refund_has_refund'
         END
    FROM transaction t
    LEFT JOIN transaction n ON n.organisation_id = t.organisation_id AND n.id = t.reverses
    LEFT JOIN donation d ON d.organisation_id = t.organisation_id AND d.id = t.donation_id
    LEFT JOIN refund r ON r.organisation_id = t.organisation_id AND r.id = t.refund_id
   WHERE (t.reverses IS NOT NULL AND n.id IS NULL) OR (t.donation_id IS NOT NULL AND d.id IS NULL)
      OR (t.refund_id IS NOT NULL AND (r.donation_id = t.donation_id) IS NOT TRUE)
   UNION ALL
  SELECT e.organisation_id, e.transaction_id, broken.rule
    FROM entry e,
         LATERAL (SELECT entry_breaks(e.number, e.account, e.segment, e.initiative_id, e.amount)) AS broken (rule)
   WHERE broken.rule IS NOT NULL
   UNION ALL
  SELECT e.organisation_id, e.transaction_id, 'entry_set_complete'
    FROM entry e
    LEFT JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
   WHERE t.id IS NULL
$$;
-- +goose StatementEnd

-- The guard of the book, as before. It sees the whole set of one INSERT and needs each transaction to arrive in one piece: balanced in each fund,
-- complete, on its day, in an open period, on open accounts and funds, with uses of their own fund and everything else of the same
-- organisation, and a sound header of a known actor. A set over several days needs its accounts and funds open on the last of them.
--
-- It must see what was committed while it waited for the lock, so it refuses a caller that reads from an older snapshot. Nearly every set
-- is one transaction in one fund, of what is open now: one question settles it. Every other is looked at rule by rule. The question counts
-- an entry that is not plain as more than any transaction has; numbers are different by the primary key, so that as many plain
-- ones as the header says, none numbered higher, are all of them.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  o bigint; header_id bigint; one_fund bigint; one_day pg_catalog.date; day_last pg_catalog.date;
  ids bigint[]; rule text; known record; locked boolean;
BEGIN
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    PERFORM public.refuse('entry_read_committed', 'entries are posted in READ COMMITTED');
  END IF;
  SELECT i.organisation_id, i.transaction_id, i.fund_id, i.booked_on INTO o, header_id, one_fund, one_day FROM inserted i LIMIT 1;
  IF o IS NULL THEN
    RETURN NULL; -- nothing was inserted
  END IF;

  -- As lock_book(o, false) does, and without the cost of a query. The next one sees what was committed while this waited.
  locked := pg_advisory_xact_lock_shared(hashtextextended('book', o)) IS NOT NULL;
  SELECT s.lines = h.entry_count AND s.total = 0 AND h.sound AS plain, h.linked, h.undone,
         s.marks & 1 > 0 AS gift, s.marks & 2 > 0 AS moved, s.marks & 4 > 0 AS opening, s.marks & 8 > 0 AS used, s.marks & 16 > 0 AS spent,
         s.marks & 32 > 0 AS dealt
    INTO known
    FROM (SELECT p.open_accounts, p.open_funds, p.any_initiatives, t.entry_count,
                 t.donation_id IS NOT NULL OR t.refund_id IS NOT NULL AS linked, t.kind = 'reversal' AND t.donation_id IS NOT NULL AS undone,
                 t.booked_on = one_day AND (p.closed_until < one_day) IS NOT FALSE AND t.actor_id = ANY (p.any_actors)
                   AND public.header_breaks(t.kind, t.source, t.entry_count, t.belongs_on, t.booked_on, t.reverses, t.reason, t.donation_id, t.refund_id) IS NULL
                   AS sound
            FROM public.postable p
            LEFT JOIN public.transaction t ON t.organisation_id = o AND t.id = header_id
           WHERE p.organisation_id = o
          OFFSET 0) AS h
   CROSS JOIN LATERAL (
         SELECT sum(CASE WHEN i.organisation_id = o AND i.transaction_id = header_id AND i.fund_id = one_fund AND i.booked_on = one_day
                          AND i.number <= h.entry_count
                          AND i.account = ANY (h.open_accounts) AND i.fund_id = ANY (h.open_funds)
                          AND (i.initiative_id IS NULL OR i.initiative_id = ANY (h.any_initiatives))
                          AND public.entry_breaks(i.number, i.account, i.segment, i.initiative_id, i.amount) IS NULL
                         THEN 1 ELSE 2000 END) AS lines,
                sum(i.amount) AS total,
                bit_or(CASE i.account WHEN 4210 THEN 1 WHEN 4219 THEN 1 WHEN 3200 THEN 2 WHEN 3100 THEN 4 ELSE 0 END
                       | CASE WHEN i.use_id IS NULL THEN 0 WHEN i.amount > 0 AND (i.account >= 5000 OR i.account = 3200) THEN 24 ELSE 8 END
                       | CASE WHEN i.counterparty_id IS NULL THEN 0 ELSE 32 END) AS marks
           FROM inserted i) AS s;
  ids := ARRAY[header_id];

  IF known.plain IS NOT TRUE THEN
    IF EXISTS (SELECT FROM inserted i WHERE i.organisation_id <> o) THEN
      PERFORM public.refuse('entry_one_organisation', 'entries of two organisations in one statement');
    END IF;
    IF NOT EXISTS (SELECT FROM public.postable p WHERE p.organisation_id = o) THEN
      PERFORM public.refuse('organisation_has_log', 'an organisation without the head of its log');
    END IF;
    SELECT public.entry_breaks(i.number, i.account, i.segment, i.initiative_id, i.amount) INTO rule
      FROM inserted i
     WHERE public.entry_breaks(i.number, i.account, i.segment, i.initiative_id, i.amount) IS NOT NULL
     LIMIT 1;
    IF rule IS NOT NULL THEN
      PERFORM public.refuse(rule, 'an entry breaks a rule of entries');
    END IF;
    SELECT array_agg(one.id), max(one.day) INTO ids, day_last
      FROM (SELECT i.transaction_id AS id, max(i.booked_on) AS day FROM inserted i GROUP BY i.transaction_id) AS one;
    IF EXISTS (
        SELECT FROM inserted i WHERE NOT EXISTS (SELECT FROM public.transaction t WHERE t.organisation_id = o AND t.id = i.transaction_id)) THEN
      PERFORM public.refuse('entry_transaction_exists', 'entries without the header of their transaction');
    END IF;
    SELECT CASE WHEN broken.rule IS NOT NULL THEN broken.rule ELSE 'transaction_actor_exists' END INTO rule
      FROM unnest(ids) AS named (id)
      JOIN public.transaction t ON t.organisation_id = o AND t.id = named.id
     CROSS JOIN LATERAL (
           SELECT public.header_breaks(t.kind, t.source, t.entry_count, t.belongs_on, t.booked_on, t.reverses, t.reason, t.donation_id, t.refund_id)
           ) AS broken (rule)
     WHERE broken.rule IS NOT NULL OR NOT EXISTS (SELECT FROM public.actor a WHERE a.organisation_id = o AND a.id = t.actor_id)
     LIMIT 1;
    IF rule IS NOT NULL THEN
      PERFORM public.refuse(rule, 'the header of a transaction breaks a rule');
    END IF;
    IF EXISTS (SELECT FROM inserted i GROUP BY i.transaction_id, i.fund_id HAVING sum(i.amount) <> 0) THEN
      PERFORM public.refuse('entry_balanced_per_fund', 'the entries of a transaction do not sum to zero in each fund');
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT i.transaction_id AS id, count(*) AS lines, max(i.number) AS number_last, min(i.booked_on) AS first, max(i.booked_on) AS last
                       FROM inserted i GROUP BY i.transaction_id) AS one
          JOIN public.transaction t ON t.organisation_id = o AND t.id = one.id
         WHERE t.entry_count <> one.lines OR t.entry_count <> one.number_last OR t.booked_on <> one.first OR t.booked_on <> one.last) THEN
      PERFORM public.refuse('entry_set_complete', 'entries do not make up their transaction: number, day or header differ');
    END IF;
    IF EXISTS (SELECT FROM inserted i JOIN public.period p ON p.organisation_id = o AND p.until_on >= i.booked_on) THEN
      PERFORM public.refuse('entry_period_open', 'the period is closed');
    END IF;
    IF EXISTS (
        SELECT FROM inserted i
         WHERE (SELECT a.closed_on IS NULL OR a.closed_on > day_last
                  FROM public.account a WHERE a.organisation_id = o AND a.code = i.account) IS NOT TRUE) THEN
      PERFORM public.refuse('entry_account_open', 'an account does not exist or is closed');
    END IF;
    IF EXISTS (
        SELECT FROM inserted i
         WHERE (SELECT f.closed_on IS NULL OR f.closed_on > day_last
                  FROM public.fund f WHERE f.organisation_id = o AND f.id = i.fund_id) IS NOT TRUE) THEN
      PERFORM public.refuse('entry_fund_open', 'a fund does not exist or is closed');
    END IF;
    IF EXISTS (
        SELECT FROM inserted i
         WHERE i.initiative_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM public.initiative n WHERE n.organisation_id = o AND n.id = i.initiative_id)) THEN
      PERFORM public.refuse('entry_initiative_exists', 'an initiative does not exist');
    END IF;
  END IF;

  IF known.linked OR cardinality(ids) > 1 THEN
    SELECT CASE
             WHEN t.donation_id IS NOT NULL AND d.id IS NULL THEN 'transaction_donation_exists'
             WHEN r.id IS NULL THEN 'transaction_refund_exists'
             ELSE 'entry_refund_has_refund'
           END
      INTO rule
      FROM unnest(ids) AS named (id)
      JOIN public.transaction t ON t.organisation_id = o AND t.id = named.id
      LEFT JOIN public.donation d ON d.organisation_id = o AND d.id = t.donation_id
      LEFT JOIN public.refund r ON r.organisation_id = o AND r.id = t.refund_id
     WHERE (t.donation_id IS NOT NULL AND d.id IS NULL) OR (t.refund_id IS NOT NULL AND (r.donation_id = t.donation_id) IS NOT TRUE)
     LIMIT 1;
    IF rule IS NOT NULL THEN
      PERFORM public.refuse(rule, 'a transaction names a donation or refund that does not exist, or not together');
    END IF;
  END IF;
  IF known.moved THEN
    IF EXISTS (SELECT FROM inserted i WHERE i.account = 3200 GROUP BY i.transaction_id HAVING sum(i.amount) <> 0) THEN
      PERFORM public.refuse('entry_fund_transfer_pairs', 'a transfer between funds does not sum to zero');
    END IF;
  END IF;
  IF known.used THEN
    IF EXISTS (
        SELECT FROM inserted i
         WHERE i.use_id IS NOT NULL
           AND (SELECT u.fund_id = i.fund_id FROM public.use u WHERE u.organisation_id = o AND u.id = i.use_id) IS NOT TRUE) THEN
      PERFORM public.refuse('entry_use_of_its_fund', 'a use does not belong to the fund of its entry');
    END IF;
  END IF;
  IF known.dealt THEN
    IF EXISTS (
        SELECT FROM inserted i
         WHERE i.counterparty_id IS NOT NULL
           AND (SELECT true FROM public.counterparty c WHERE c.organisation_id = o AND c.id = i.counterparty_id) IS NOT TRUE) THEN
      PERFORM public.refuse('entry_counterparty_exists', 'a counterparty does not exist');
    END IF;
  END IF;
  IF known.opening THEN
    IF EXISTS (
        SELECT FROM inserted i
         WHERE i.account = 3100
           AND (SELECT t.kind IN ('opening', 'reversal')
                  FROM public.transaction t WHERE t.organisation_id = o AND t.id = i.transaction_id) IS NOT TRUE) THEN
      PERFORM public.refuse('entry_opening_only', 'account 3100 takes opening balances only');
    END IF;
  END IF;
  -- Spending on a held use is refused. What the payment service takes of a gift is no decision of the group's and passes.
  IF known.spent THEN
    IF EXISTS (
        SELECT FROM inserted i
          JOIN public.use_hold u ON u.organisation_id = o AND u.use_id = i.use_id
         WHERE i.amount > 0 AND (i.account >= 5000 OR i.account = 3200)
           AND (SELECT t.kind IN ('expense', 'transfer')
                  FROM public.transaction t WHERE t.organisation_id = o AND t.id = i.transaction_id)) THEN
      PERFORM public.refuse('entry_use_not_held', 'nothing may be spent on this use now');
    END IF;
  END IF;
  IF known.gift THEN
    PERFORM public.gift_guard(o, ids);
  END IF;
  IF known.undone OR cardinality(ids) > 1 THEN
    PERFORM public.gift_undone(o, ids);
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- As before. One look finds that all is there: entry_guard lets the last entry in only together with all others.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION transaction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM public.unsealed u
        JOIN public.entry e ON e.organisation_id = u.organisation_id AND e.transaction_id = u.record_id AND e.number = NEW.entry_count
       WHERE u.organisation_id = NEW.organisation_id AND u.record_id = NEW.id) THEN
    IF NEW.entry_count <> (SELECT count(*) FROM public.entry e WHERE e.organisation_id = NEW.organisation_id AND e.transaction_id = NEW.id)
       OR NEW.entry_count < 2 THEN
      PERFORM public.refuse('transaction_has_its_entries', 'a transaction without its entries');
    END IF;
    IF NOT EXISTS ( -- as the program before this one left it
        SELECT FROM public.log_record r
          JOIN public.unsealed u ON u.organisation_id = r.organisation_id AND u.record_id = r.id
         WHERE r.organisation_id = NEW.organisation_id AND r.kind = 'transaction' AND r.subject_id = NEW.id) THEN
      PERFORM public.refuse('transaction_is_recorded', 'a transaction that does not wait to be sealed');
    END IF;
  END IF;
  IF NEW.reverses IS NOT NULL THEN
    IF NOT EXISTS (SELECT FROM public.transaction t WHERE t.organisation_id = NEW.organisation_id AND t.id = NEW.reverses) THEN
      PERFORM public.refuse('transaction_reverses_exists', 'a reversal of a transaction that does not exist');
    END IF;
    IF EXISTS (
        SELECT FROM public.transaction t
         WHERE t.organisation_id = NEW.organisation_id AND t.id = NEW.reverses AND (t.kind = 'reversal' OR t.booked_on > NEW.booked_on))
      OR EXISTS (
        SELECT FROM public.entry e
         WHERE e.organisation_id = NEW.organisation_id AND e.transaction_id = ANY (ARRAY[NEW.id, NEW.reverses])
         GROUP BY e.account, e.fund_id, e.segment, e.initiative_id, e.use_id, e.counterparty_id
        HAVING sum(e.amount) <> 0) THEN
      PERFORM public.refuse('transaction_reversal_mirrors', 'a reversal differs from what it reverses');
    END IF;
  END IF;
  IF NEW.kind = 'opening' THEN
    PERFORM public.lock_book(NEW.organisation_id, true);
    IF 1 < (SELECT count(*) FROM public.transaction t
             WHERE t.organisation_id = NEW.organisation_id AND t.kind = 'opening'
               AND NOT EXISTS (SELECT FROM public.transaction r WHERE r.organisation_id = t.organisation_id AND r.reverses = t.id)) THEN
      PERFORM public.refuse('transaction_one_opening', 'opening balances stand already');
    END IF;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

ALTER TABLE transaction
  DROP CONSTRAINT transaction_donation_fkey,
  DROP CONSTRAINT transaction_refund_fkey,
  DROP CONSTRAINT transaction_reverses_fkey,
  DROP CONSTRAINT transaction_reverses_key;
CREATE UNIQUE INDEX transaction_reverses_key ON transaction (organisation_id, reverses) WHERE reverses IS NOT NULL;

-- A gift is booked once, a refund goes out once and comes back once; all else that concerns a gift may happen again.
DROP INDEX transaction_donation, transaction_one_booking, transaction_one_refund, transaction_opening;
CREATE UNIQUE INDEX transaction_one_booking ON transaction (
  organisation_id, donation_id,
  (CASE WHEN kind IN ('donation', 'refund', 'refund_failure') THEN kind ELSE '' END),
  (CASE WHEN kind = 'donation' THEN 0 WHEN kind IN ('refund', 'refund_failure') THEN refund_id ELSE id END)
) WHERE donation_id IS NOT NULL;
