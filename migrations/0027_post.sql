-- Posting costs less, and every rule of the book stands as it stood.
--
-- A CHECK is read back from its text, and an index or trigger with a condition is made ready, for each statement that writes to the table:
-- half of what posting cost the server. A function with settings of its own pays for setting and unsetting them, and for all
-- that is looked up anew in between. So the rules of headers and entries are judged by the guard of the set, which asks one question and
-- goes into details only when the answer is not a plain yes; and guards name the tables they mean by schema instead of a search_path,
-- so that no temporary table can stand in for one of them.

-- +goose Up

-- The rule a header breaks, or NULL. Each was a CHECK of its table, under the same name.
-- +goose StatementBegin
CREATE FUNCTION header_breaks(kind text, source text, entry_count smallint, belongs_on date, booked_on date, reverses bigint, reason text,
  donation_id bigint, refund_id bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN kind NOT IN ('opening', 'donation', 'refund', 'refund_failure', 'dispute', 'payout', 'movement', 'expense', 'repayment', 'income',
                      'transfer', 'in_kind', 'grant', 'cost', 'unclear', 'reversal') THEN 'transaction_kind_known'
    WHEN source = '' THEN 'transaction_source_given'
    WHEN entry_count NOT BETWEEN 2 AND 1000 THEN 'transaction_entry_count'
    WHEN belongs_on > booked_on THEN 'transaction_belongs'
    WHEN (kind = 'reversal') <> (reverses IS NOT NULL) OR (reverses IS NOT NULL AND reason = '') THEN 'transaction_reversal'
    WHEN kind = 'donation' AND donation_id IS NULL THEN 'transaction_donation'
    WHEN kind = 'refund' AND refund_id IS NULL THEN 'transaction_refund'
  END
$$;
-- +goose StatementEnd

-- The rule an entry breaks by itself, or NULL. As above.
-- +goose StatementBegin
CREATE FUNCTION entry_breaks(number smallint, account integer, segment text, initiative_id bigint, amount bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN number < 1 THEN 'entry_number'
    WHEN amount = 0 OR amount NOT BETWEEN -999999999999 AND 999999999999 THEN 'entry_amount_range'
    WHEN segment NOT IN ('program', 'admin') THEN 'entry_segment_known'
    WHEN account >= 5000 AND segment IS NULL THEN 'entry_expense_has_segment'
    WHEN segment = 'program' AND initiative_id IS NULL THEN 'entry_program_has_initiative'
  END
$$;
-- +goose StatementEnd

-- What in the whole book breaks a rule that guards keep, for whoever laid rows in while they were switched off. Empty is good.
-- +goose StatementBegin
CREATE FUNCTION broken_rules() RETURNS TABLE (organisation_id bigint, transaction_id bigint, rule text)
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

-- As before; each table is looked into by its key, whatever was known of its size when the plan was made.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION gift_guard(organisation bigint, transactions bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  FOR bad IN
    SELECT t.kind, d.status, f.kind AS fund_kind, e.funds = 1 AND d.fund_id = e.fund_id AS own_fund, c.fund_id = d.fund_id AS own_campaign,
           f.collects_from, f.collects_until, d.given_on, e.account, e.amount, d.amount AS gift, r.amount AS refund
      FROM unnest(transactions) AS named (id)
     CROSS JOIN LATERAL (
           SELECT x.kind, x.donation_id, x.refund_id
             FROM public.transaction x
            WHERE x.organisation_id = organisation AND x.id = named.id AND x.kind <> 'reversal'
           OFFSET 0) AS t
     CROSS JOIN LATERAL (
           SELECT x.account, min(x.fund_id) AS fund_id, count(DISTINCT x.fund_id) AS funds, sum(x.amount) AS amount
             FROM public.entry x
            WHERE x.organisation_id = organisation AND x.transaction_id = named.id AND x.account IN (4210, 4219)
            GROUP BY x.account) AS e
     CROSS JOIN LATERAL (
           SELECT x.kind, x.collects_from, x.collects_until
             FROM public.fund x
            WHERE x.organisation_id = organisation AND x.id = e.fund_id
           OFFSET 0) AS f
      LEFT JOIN LATERAL (
           SELECT x.status, x.fund_id, x.campaign_id, x.given_on, x.amount
             FROM public.donation x
            WHERE x.organisation_id = organisation AND x.id = t.donation_id
           OFFSET 0) AS d ON true
      LEFT JOIN LATERAL (
           SELECT x.fund_id
             FROM public.campaign x
            WHERE x.organisation_id = organisation AND x.id = d.campaign_id
           OFFSET 0) AS c ON true
      LEFT JOIN LATERAL (
           SELECT x.amount
             FROM public.refund x
            WHERE x.organisation_id = organisation AND x.id = t.refund_id AND x.donation_id = t.donation_id
           OFFSET 0) AS r ON true
  LOOP
    IF bad.account = 4219 THEN
      IF bad.refund IS NULL OR NOT bad.own_fund
         OR (bad.kind, bad.amount) NOT IN (('refund', bad.refund), ('refund_failure', -bad.refund)) THEN
        PERFORM public.refuse('entry_refund_has_refund', 'money on 4219 exists only with a refund of its amount and fund');
      END IF;
    ELSIF bad.kind <> 'donation' OR bad.status IS DISTINCT FROM 'paid' OR bad.gift <> -bad.amount OR NOT bad.own_fund THEN
      PERFORM public.refuse('entry_gift_has_donation', 'income on 4210 exists only with a paid donation of its amount and fund');
    ELSIF bad.fund_kind = 'campaign' AND bad.own_campaign IS NOT TRUE OR bad.fund_kind NOT IN ('campaign', 'general') THEN
      PERFORM public.refuse('entry_gift_has_donation', 'a gift enters the fund of the campaign it was given to, or the general fund');
    ELSIF bad.fund_kind = 'campaign' AND (bad.collects_from IS NULL OR bad.given_on < bad.collects_from OR bad.given_on > bad.collects_until) THEN
      PERFORM public.refuse('entry_gift_while_collecting', 'the fund does not collect on the day of the gift');
    END IF;
  END LOOP;
END $$;
-- +goose StatementEnd
ALTER FUNCTION gift_guard(bigint, bigint[]) RESET ALL;

-- The guard of the book. It sees the whole set of one INSERT and needs each transaction to arrive in one piece: balanced in each fund,
-- complete, on its day, in an open period, on open accounts and funds, with uses of their own fund and everything else of the same
-- organisation, and a sound header of a known actor. A set over several days needs its accounts and funds open on the last of them.
--
-- It must see what was committed while it waited for the lock, so it refuses a caller that reads from an older snapshot. Nearly every set
-- is one transaction in one fund, of what is open now: one question settles it. Every other is looked at rule by rule.
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
  SELECT bool_and(i.organisation_id = o AND i.transaction_id = header_id AND i.fund_id = one_fund AND i.booked_on = one_day
                  AND i.account = ANY (h.open_accounts) AND i.fund_id = ANY (h.open_funds)
                  AND (i.initiative_id IS NULL OR i.initiative_id = ANY (h.any_initiatives))
                  AND public.entry_breaks(i.number, i.account, i.segment, i.initiative_id, i.amount) IS NULL
                  AND h.sound)
           AND sum(i.amount) = 0 AND count(*) = max(h.entry_count) AND max(i.number) = max(h.entry_count) AS plain,
         bool_or(i.account IN (4210, 4219)) AS gift, bool_or(i.account = 3200) AS moved, bool_or(i.account = 3100) AS opening,
         bool_or(i.use_id IS NOT NULL) AS used, bool_or(i.counterparty_id IS NOT NULL) AS dealt,
         bool_or(i.use_id IS NOT NULL AND i.amount > 0 AND (i.account >= 5000 OR i.account = 3200)) AS spent,
         bool_or(h.undone) AS undone
    INTO known
    FROM (SELECT p.open_accounts, p.open_funds, p.any_initiatives, t.entry_count, t.kind = 'reversal' AND t.donation_id IS NOT NULL AS undone,
                 t.booked_on = one_day AND (p.closed_until < one_day) IS NOT FALSE
                   AND EXISTS (SELECT FROM public.actor a WHERE a.organisation_id = o AND a.id = t.actor_id)
                   AND public.header_breaks(t.kind, t.source, t.entry_count, t.belongs_on, t.booked_on, t.reverses, t.reason, t.donation_id, t.refund_id) IS NULL
                   AS sound
            FROM public.postable p
            LEFT JOIN public.transaction t ON t.organisation_id = o AND t.id = header_id
           WHERE p.organisation_id = o
          OFFSET 0) AS h,
         inserted i;
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
ALTER FUNCTION entry_guard() RESET ALL;

-- What reversing a booking means for its gift or refund is known here, whoever reverses: the gift counts no more, the refund did not happen.
-- +goose StatementBegin
CREATE FUNCTION gift_undone(organisation bigint, transactions bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.refund
     SET status = CASE t.kind WHEN 'refund' THEN 'failed' ELSE 'paid' END
    FROM public.transaction n
    JOIN public.transaction t ON t.organisation_id = n.organisation_id AND t.id = n.reverses AND t.kind IN ('refund', 'refund_failure')
   WHERE n.organisation_id = organisation AND n.id = ANY (transactions) AND n.kind = 'reversal' AND n.refund_id IS NOT NULL
     AND refund.organisation_id = organisation AND refund.id = n.refund_id;
  UPDATE public.donation
     SET reversed_at = n.posted_at
    FROM public.transaction n
    JOIN public.transaction t ON t.organisation_id = n.organisation_id AND t.id = n.reverses AND t.kind = 'donation'
   WHERE n.organisation_id = organisation AND n.id = ANY (transactions) AND n.kind = 'reversal' AND n.refund_id IS NULL
     AND donation.organisation_id = organisation AND donation.id = n.donation_id;
END $$;
-- +goose StatementEnd
DROP TRIGGER transaction_gift_reversed ON transaction;
DROP TRIGGER entry_use_hold ON entry;

-- As before. One look finds that all is there: entry_guard lets the last entry in only together with all others.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION transaction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT FROM public.log_record r
        JOIN public.unsealed u ON u.organisation_id = r.organisation_id AND u.record_id = r.id
        JOIN public.entry e ON e.organisation_id = r.organisation_id AND e.transaction_id = r.subject_id AND e.number = NEW.entry_count
       WHERE r.organisation_id = NEW.organisation_id AND r.kind = 'transaction' AND r.subject_id = NEW.id) THEN
    IF NEW.entry_count <> (SELECT count(*) FROM public.entry e WHERE e.organisation_id = NEW.organisation_id AND e.transaction_id = NEW.id)
       OR NEW.entry_count < 2 THEN
      PERFORM public.refuse('transaction_has_its_entries', 'a transaction without its entries');
    END IF;
    PERFORM public.refuse('transaction_is_recorded', 'a transaction without a log record that waits to be sealed');
  END IF;
  IF NEW.reverses IS NOT NULL THEN
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
ALTER FUNCTION transaction_guard() RESET ALL;

-- The guards judge all of this now. A header and an actor are never removed or renumbered, so having been there is being there; a foreign
-- key besides locks the row of the actor for every posting, which all who post at once then wait to write to.
ALTER TABLE transaction
  DROP CONSTRAINT transaction_kind_known,
  DROP CONSTRAINT transaction_source_given,
  DROP CONSTRAINT transaction_entry_count,
  DROP CONSTRAINT transaction_belongs,
  DROP CONSTRAINT transaction_reversal,
  DROP CONSTRAINT transaction_donation,
  DROP CONSTRAINT transaction_refund,
  DROP CONSTRAINT transaction_actor_fkey;
ALTER TABLE entry
  DROP CONSTRAINT entry_number,
  DROP CONSTRAINT entry_amount_range,
  DROP CONSTRAINT entry_segment_known,
  DROP CONSTRAINT entry_expense_has_segment,
  DROP CONSTRAINT entry_program_has_initiative,
  DROP CONSTRAINT entry_transaction_fkey;
