-- Posting has a door: the function post, which the program calls. It takes the book's lock, writes a transaction and judges it by what it has
-- just written, in one query where that suffices. Who writes rows by himself is judged by the guards, as before and by the same judge, so that
-- each rule has one place; so is the owner, and a release that ran before this one.
--
-- The door writes as its owner, whom guards let pass here: where a session acts as the owner and neither logged in as such nor took that
-- role. What else runs so (renew_postable, add_actors, purge_access) writes nothing into the book. The path set with the function keeps what
-- a session may make for itself, types among it, from standing in for what is named here.

-- +goose Up

LOCK TABLE transaction, entry IN ACCESS EXCLUSIVE MODE;

-- Refuses transactions that stand with all their entries, unless they keep every rule that concerns more than one row. sound says that the rules
-- common to all were found kept; what depends on gifts, uses, counterparties and openings is looked at in any case. Its callers set the path.
-- +goose StatementBegin
CREATE FUNCTION judge(o bigint, ids bigint[], sound boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  rule text; day_last date; known record;
BEGIN
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    PERFORM refuse('entry_read_committed', 'entries are posted in READ COMMITTED');
  END IF;
  IF sound IS NOT TRUE THEN
    IF NOT EXISTS (SELECT FROM postable p WHERE p.organisation_id = o) THEN
      PERFORM refuse('organisation_has_log', 'an organisation without the head of its log');
    END IF;
    SELECT entry_breaks(i.number, i.account, i.segment, i.initiative_id, i.amount) INTO rule
      FROM entry i
     WHERE i.organisation_id = o AND i.transaction_id = ANY (ids)
       AND entry_breaks(i.number, i.account, i.segment, i.initiative_id, i.amount) IS NOT NULL
     LIMIT 1;
    IF rule IS NOT NULL THEN
      PERFORM refuse(rule, 'an entry breaks a rule of entries');
    END IF;
    IF EXISTS (
        SELECT FROM unnest(ids) AS named (id)
         WHERE NOT EXISTS (SELECT FROM transaction t WHERE t.organisation_id = o AND t.id = named.id)) THEN
      PERFORM refuse('entry_transaction_exists', 'entries without the header of their transaction');
    END IF;
    SELECT CASE WHEN broken.rule IS NOT NULL THEN broken.rule ELSE 'transaction_actor_exists' END INTO rule
      FROM unnest(ids) AS named (id)
      JOIN transaction t ON t.organisation_id = o AND t.id = named.id
     CROSS JOIN LATERAL (
           SELECT header_breaks(t.kind, t.source, t.entry_count, t.belongs_on, t.booked_on, t.reverses, t.reason, t.donation_id, t.refund_id)
           ) AS broken (rule)
     WHERE broken.rule IS NOT NULL OR NOT EXISTS (SELECT FROM actor a WHERE a.organisation_id = o AND a.id = t.actor_id)
     LIMIT 1;
    IF rule IS NOT NULL THEN
      PERFORM refuse(rule, 'the header of a transaction breaks a rule');
    END IF;
    IF EXISTS (
        SELECT FROM entry i
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids)
         GROUP BY i.transaction_id, i.fund_id
        HAVING sum(i.amount) <> 0) THEN
      PERFORM refuse('entry_balanced_per_fund', 'the entries of a transaction do not sum to zero in each fund');
    END IF;
    IF EXISTS (
        SELECT FROM transaction t
         CROSS JOIN LATERAL (
               SELECT count(*) AS lines, max(i.number) AS number_last, min(i.booked_on) AS first, max(i.booked_on) AS last
                 FROM entry i
                WHERE i.organisation_id = o AND i.transaction_id = t.id) AS one
         WHERE t.organisation_id = o AND t.id = ANY (ids)
           AND (t.entry_count, t.entry_count, t.booked_on, t.booked_on) IS DISTINCT FROM (one.lines, one.number_last, one.first, one.last)) THEN
      PERFORM refuse('entry_set_complete', 'entries do not make up their transaction: number, day or header differ');
    END IF;
    IF EXISTS (
        SELECT FROM entry i
          JOIN period p ON p.organisation_id = o AND p.until_on >= i.booked_on
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids)) THEN
      PERFORM refuse('entry_period_open', 'the period is closed');
    END IF;
    SELECT max(i.booked_on) INTO day_last FROM entry i WHERE i.organisation_id = o AND i.transaction_id = ANY (ids);
    IF EXISTS (
        SELECT FROM entry i
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids)
           AND (SELECT a.closed_on IS NULL OR a.closed_on > day_last
                  FROM account a WHERE a.organisation_id = o AND a.code = i.account) IS NOT TRUE) THEN
      PERFORM refuse('entry_account_open', 'an account does not exist or is closed');
    END IF;
    IF EXISTS (
        SELECT FROM entry i
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids)
           AND (SELECT f.closed_on IS NULL OR f.closed_on > day_last
                  FROM fund f WHERE f.organisation_id = o AND f.id = i.fund_id) IS NOT TRUE) THEN
      PERFORM refuse('entry_fund_open', 'a fund does not exist or is closed');
    END IF;
    IF EXISTS (
        SELECT FROM entry i
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids) AND i.initiative_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM initiative n WHERE n.organisation_id = o AND n.id = i.initiative_id)) THEN
      PERFORM refuse('entry_initiative_exists', 'an initiative does not exist');
    END IF;
  END IF;

  SELECT bool_or(t.donation_id IS NOT NULL OR t.refund_id IS NOT NULL) AS linked,
         bool_or(t.kind = 'reversal' AND t.donation_id IS NOT NULL) AS undone,
         bool_or(e.gift) AS gift, bool_or(e.moved) AS moved, bool_or(e.opening) AS opening, bool_or(e.used) AS used,
         bool_or(e.spent) AS spent, bool_or(e.dealt) AS dealt
    INTO known
    FROM transaction t
   CROSS JOIN LATERAL (
         SELECT bool_or(i.account IN (4210, 4219)) AS gift, bool_or(i.account = 3200) AS moved, bool_or(i.account = 3100) AS opening,
                bool_or(i.use_id IS NOT NULL) AS used, bool_or(i.counterparty_id IS NOT NULL) AS dealt,
                bool_or(i.use_id IS NOT NULL AND i.amount > 0 AND (i.account >= 5000 OR i.account = 3200)) AS spent
           FROM entry i
          WHERE i.organisation_id = o AND i.transaction_id = t.id) AS e
   WHERE t.organisation_id = o AND t.id = ANY (ids);
  IF known.linked THEN
    SELECT CASE
             WHEN t.donation_id IS NOT NULL AND d.id IS NULL THEN 'transaction_donation_exists'
             WHEN r.id IS NULL THEN 'transaction_refund_exists'
             ELSE 'entry_refund_has_refund'
           END
      INTO rule
      FROM unnest(ids) AS named (id)
      JOIN transaction t ON t.organisation_id = o AND t.id = named.id
      LEFT JOIN donation d ON d.organisation_id = o AND d.id = t.donation_id
      LEFT JOIN refund r ON r.organisation_id = o AND r.id = t.refund_id
     WHERE (t.donation_id IS NOT NULL AND d.id IS NULL) OR (t.refund_id IS NOT NULL AND (r.donation_id = t.donation_id) IS NOT TRUE)
     LIMIT 1;
    IF rule IS NOT NULL THEN
      PERFORM refuse(rule, 'a transaction names a donation or refund that does not exist, or not together');
    END IF;
  END IF;
  IF known.moved THEN
    IF EXISTS (
        SELECT FROM entry i
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids) AND i.account = 3200
         GROUP BY i.transaction_id
        HAVING sum(i.amount) <> 0) THEN
      PERFORM refuse('entry_fund_transfer_pairs', 'a transfer between funds does not sum to zero');
    END IF;
  END IF;
  IF known.used THEN
    IF EXISTS (
        SELECT FROM entry i
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids) AND i.use_id IS NOT NULL
           AND (SELECT u.fund_id = i.fund_id FROM use u WHERE u.organisation_id = o AND u.id = i.use_id) IS NOT TRUE) THEN
      PERFORM refuse('entry_use_of_its_fund', 'a use does not belong to the fund of its entry');
    END IF;
  END IF;
  IF known.dealt THEN
    IF EXISTS (
        SELECT FROM entry i
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids) AND i.counterparty_id IS NOT NULL
           AND (SELECT true FROM counterparty c WHERE c.organisation_id = o AND c.id = i.counterparty_id) IS NOT TRUE) THEN
      PERFORM refuse('entry_counterparty_exists', 'a counterparty does not exist');
    END IF;
  END IF;
  IF known.opening THEN
    IF EXISTS (
        SELECT FROM entry i
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids) AND i.account = 3100
           AND (SELECT t.kind IN ('opening', 'reversal')
                  FROM transaction t WHERE t.organisation_id = o AND t.id = i.transaction_id) IS NOT TRUE) THEN
      PERFORM refuse('entry_opening_only', 'account 3100 takes opening balances only');
    END IF;
  END IF;
  -- Spending on a held use is refused. What the payment service takes of a gift is no decision of the group's and passes.
  IF known.spent THEN
    IF EXISTS (
        SELECT FROM entry i
          JOIN use_hold u ON u.organisation_id = o AND u.use_id = i.use_id
         WHERE i.organisation_id = o AND i.transaction_id = ANY (ids) AND i.amount > 0 AND (i.account >= 5000 OR i.account = 3200)
           AND (SELECT t.kind IN ('expense', 'transfer')
                  FROM transaction t WHERE t.organisation_id = o AND t.id = i.transaction_id)) THEN
      PERFORM refuse('entry_use_not_held', 'nothing may be spent on this use now');
    END IF;
  END IF;
  IF known.gift THEN
    PERFORM gift_guard(o, ids);
  END IF;
  IF known.undone THEN
    PERFORM gift_undone(o, ids);
  END IF;
END $$;
-- +goose StatementEnd

-- The guard of the book. It sees the whole set of one INSERT by whoever does not come through the door, and needs each transaction to stand in
-- one piece when that ends. A set over several days needs its accounts and funds open on the last of them. The judge sees what was committed
-- while this waited for the lock.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION entry_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  o bigint; ids bigint[];
BEGIN
  SELECT i.organisation_id INTO o FROM inserted i LIMIT 1;
  IF o IS NULL THEN
    RETURN NULL; -- nothing was inserted
  END IF;
  IF EXISTS (SELECT FROM inserted i WHERE i.organisation_id <> o) THEN
    PERFORM refuse('entry_one_organisation', 'entries of two organisations in one statement');
  END IF;
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('book', o));
  SELECT array_agg(DISTINCT i.transaction_id) INTO ids FROM inserted i;
  PERFORM judge(o, ids, false);
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- Writes a transaction and its entries, lets it wait to be sealed, and returns its number, or NULL and writes nothing where the source is booked
-- already, the actor is not known to the book or there is no such book. It is booked on its day, or on the first open day when that period
-- is closed. Zero and the empty text stand for none, an empty array for none in any entry.
--
-- Nearly everything is settled by one query: all the accounts, funds and initiatives are among those there are and open, one fund is concerned and
-- evened out, and no gift, use, counterparty, transfer or opening is named. A query costs by the number of its operators, so that this asks of
-- arrays as a whole. Everything else goes before the judge.
-- +goose StatementBegin
CREATE FUNCTION post(o bigint, kind text, source text, belongs date, lines smallint, actor uuid, at timestamptz, undoes bigint, reason text,
  donation bigint, refund bigint, accounts int[], funds bigint[], segments text[], initiatives bigint[], uses bigint[], counterparties bigint[],
  amounts bigint[], note text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  locked boolean; written bigint; sound boolean; plain boolean;
BEGIN
  -- As lock_book does, and without the cost of a query. The next one sees what was committed while this waited. An opening takes the book for
  -- itself, and at once: two who share it would each wait for the other to let go.
  locked := CASE kind WHEN 'opening' THEN pg_advisory_xact_lock(hashtextextended('book', o)) IS NOT NULL
                      ELSE pg_advisory_xact_lock_shared(hashtextextended('book', o)) IS NOT NULL END;
  WITH who AS (
    SELECT h.id, h.booked_on,
           h.known AND funds[1] = ALL (funds) AND current_setting('transaction_isolation') = 'read committed'
           AND header_breaks(kind, source, lines, belongs, h.booked_on, nullif(undoes, 0), reason, nullif(donation, 0), nullif(refund, 0)) IS NULL
             AS sound
      FROM (SELECT p.any_actors[array_position(p.actor_keys, actor)] AS id, greatest(belongs, p.closed_until + 1) AS booked_on,
                   accounts <@ p.open_accounts AND funds <@ p.open_funds AND array_remove(initiatives, 0) <@ p.any_initiatives AS known
              FROM postable p
             WHERE p.organisation_id = o AND actor = ANY (p.actor_keys)) AS h
  ), header AS (
    INSERT INTO transaction (organisation_id, kind, source, booked_on, belongs_on, entry_count, actor_id, posted_at,
           reverses, reason, donation_id, refund_id)
    SELECT o, kind, source, who.booked_on, belongs, lines, who.id, at, nullif(undoes, 0), reason, nullif(donation, 0), nullif(refund, 0)
      FROM who
        ON CONFLICT ON CONSTRAINT transaction_source_key DO NOTHING
    RETURNING id, booked_on
  ), entries AS (
    INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, segment, initiative_id, use_id,
           counterparty_id, amount, booked_on)
    SELECT o, header.id, line.number, line.account, line.fund_id, nullif(line.segment, ''), nullif(line.initiative_id, 0),
           nullif(line.use_id, 0), nullif(line.counterparty_id, 0), line.amount, header.booked_on
      FROM header,
           unnest(accounts, funds, segments, initiatives, uses, counterparties, amounts)
             WITH ORDINALITY AS line (account, fund_id, segment, initiative_id, use_id, counterparty_id, amount, number)
    RETURNING number, account, segment, initiative_id, amount
  ), queue AS (
    INSERT INTO unsealed (organisation_id, record_id)
    SELECT o, header.id FROM header
  )
  SELECT header.id, who.sound AND s.whole = lines AND s.total = 0,
         NOT accounts && '{3100, 3200, 4210, 4219}' AND uses = '{}' AND counterparties = '{}' AND donation = 0 AND refund = 0
    INTO written, sound, plain
    FROM header, who,
         (SELECT sum(CASE WHEN entry_breaks(e.number, e.account, e.segment, e.initiative_id, e.amount) IS NULL THEN 1 ELSE 2000 END) AS whole,
                 sum(e.amount) AS total
            FROM entries e) AS s;
  IF note <> '' THEN
    INSERT INTO memo (organisation_id, transaction_id, text) SELECT o, written, note WHERE written IS NOT NULL;
  END IF;
  IF (sound AND plain) IS NOT TRUE AND written IS NOT NULL THEN
    PERFORM judge(o, ARRAY[written], sound);
  END IF;
  RETURN written;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION post FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post TO tsukaimichi_app;

-- Who comes through the door has been judged. A reversal and an opening are looked at at the end of the database transaction, whoever brings them.
-- +goose StatementBegin
DO $$
DECLARE
  beside text := format('current_user <> %L OR session_user = current_user OR current_setting(''role'') = current_user', current_user);
BEGIN
  DROP TRIGGER entry_guard ON entry;
  EXECUTE 'CREATE TRIGGER entry_guard AFTER INSERT ON entry REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT WHEN (' || beside || ') EXECUTE FUNCTION entry_guard()';
  DROP TRIGGER transaction_guard ON transaction;
  EXECUTE 'CREATE CONSTRAINT TRIGGER transaction_guard AFTER INSERT ON transaction DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.reverses IS NOT NULL OR NEW.kind = ''opening'' OR ' || beside || ') EXECUTE FUNCTION transaction_guard()';
END $$;
-- +goose StatementEnd
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_guard;
ALTER TABLE transaction ENABLE ALWAYS TRIGGER transaction_guard;
ALTER FUNCTION transaction_guard() SET search_path = public, pg_temp;
ALTER FUNCTION lock_book(bigint, boolean) SET search_path = public, pg_temp;
