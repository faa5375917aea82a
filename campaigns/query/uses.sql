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
  -- Which use a gift is for: its giver named it, or said so when he was asked about a change of the plan.
  SELECT use_id, sum(amount)::bigint AS amount
    FROM (SELECT use_id, amount - refunded AS amount
            FROM donation
           WHERE organisation_id = $1 AND campaign_id = $3 AND status = 'paid' AND reversed_at IS NULL AND use_id IS NOT NULL
           UNION ALL
          SELECT side.use_id, side.sign * least(g.amount, d.amount - d.refunded)
            FROM designation g
            JOIN donation d ON d.organisation_id = g.organisation_id AND d.id = g.donation_id
           CROSS JOIN LATERAL (VALUES (g.to_use_id, 1), (nullif(g.from_use, 0), -1)) AS side (use_id, sign)
           WHERE g.organisation_id = $1 AND g.campaign_id = $3 AND d.status = 'paid' AND d.reversed_at IS NULL AND side.use_id IS NOT NULL) AS said
   GROUP BY 1
)
SELECT use_id, coalesce(spent.amount, 0) AS spent, coalesce(waiting.amount, 0) AS waiting, coalesce(named.amount, 0) AS named
  FROM spent
  FULL JOIN waiting USING (use_id)
  FULL JOIN named USING (use_id)
