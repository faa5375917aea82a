WITH spent AS (
  SELECT coalesce(e.use_id, 0) AS use_id, sum(e.amount)::bigint AS amount
    FROM entry e
   WHERE e.organisation_id = $1 AND e.fund_id = $2
     AND (e.account >= 5000 OR (e.account = 3200 AND e.use_id IS NOT NULL))
     AND (SELECT t.kind <> 'in_kind' AND coalesce( -- asked of one transaction at a time, by its key, as in progress.sql
                   (SELECT o.kind <> 'in_kind' FROM transaction o WHERE o.organisation_id = $1 AND o.id = t.reverses), true)
            FROM transaction t
           WHERE t.organisation_id = $1 AND t.id = e.transaction_id)
   GROUP BY 1
), waiting AS (
  SELECT coalesce(l.use_id, 0) AS use_id, sum(l.amount)::bigint AS amount
    FROM expense_line l
    JOIN expense x ON x.organisation_id = l.organisation_id AND x.id = l.expense_id
   WHERE l.organisation_id = $1 AND l.fund_id = $2 AND x.status = 'unchecked' AND x.transaction_id IS NOT NULL
   GROUP BY 1
), named AS (
  SELECT use_id, sum(amount - refunded)::bigint AS amount
    FROM donation
   WHERE organisation_id = $1 AND campaign_id = $3 AND status = 'paid' AND reversed_at IS NULL AND use_id IS NOT NULL
   GROUP BY 1
)
SELECT use_id, coalesce(spent.amount, 0) AS spent, coalesce(waiting.amount, 0) AS waiting, coalesce(named.amount, 0) AS named
  FROM spent
  FULL JOIN waiting USING (use_id)
  FULL JOIN named USING (use_id)
