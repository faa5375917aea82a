-- Sums of the book that do not grow with its age.

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

-- As before, and the record has to wait for the sealer: what is neither sealed nor waiting would be missing from every sum.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION transaction_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  entries bigint; recorded boolean;
BEGIN
  SELECT (SELECT count(*) FROM entry e WHERE e.organisation_id = NEW.organisation_id AND e.transaction_id = NEW.id),
         EXISTS (SELECT FROM log_record r
                   JOIN unsealed u ON u.organisation_id = r.organisation_id AND u.record_id = r.id
                  WHERE r.organisation_id = NEW.organisation_id AND r.kind = 'transaction' AND r.subject_id = NEW.id)
    INTO entries, recorded;
  IF entries <> NEW.entry_count THEN
    PERFORM refuse('transaction_has_its_entries', 'a transaction without its entries');
  END IF;
  IF NOT recorded THEN
    PERFORM refuse('transaction_is_recorded', 'a transaction without its log record');
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
