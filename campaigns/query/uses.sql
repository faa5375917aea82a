-- $4 and $5: the year, as in progress.sql.
WITH spent AS (
  SELECT use_id, sum(amount)::bigint AS amount
    FROM (SELECT account, use_id, amount
            FROM flow
           WHERE organisation_id = $1 AND fund_id = $2 AND ($4::date IS NULL OR (month >= $4 AND month < $5::date))
           UNION ALL
          SELECT account, use_id, -amount -- gifts in kind are not spent
            FROM goods
           WHERE organisation_id = $1 AND fund_id = $2 AND ($4 IS NULL OR (month >= $4 AND month < $5))) AS line
   WHERE account >= 5000 OR (account = 3200 AND use_id > 0)
   GROUP BY use_id
), waiting AS (
  SELECT coalesce(l.use_id, 0) AS use_id, sum(l.amount)::bigint AS amount
    FROM expense_line l
    JOIN expense x ON x.organisation_id = l.organisation_id AND x.id = l.expense_id
    JOIN transaction t ON t.organisation_id = x.organisation_id AND t.id = x.transaction_id
   WHERE l.organisation_id = $1 AND l.fund_id = $2 AND x.status = 'unchecked'
     AND ($4 IS NULL OR (t.booked_on >= $4 AND t.booked_on < $5))
   GROUP BY 1
), named AS (
  -- Which use a gift is for: its giver named it, or said so when he was asked about a change of the plan. 0: none.
  SELECT use_id, sum(amount)::bigint AS amount,
         coalesce((array_agg(DISTINCT donor_id) FILTER (WHERE donor_id IS NOT NULL AND amount > 0))[1:20], '{}') AS donors,
         coalesce(sum(counted) FILTER (WHERE donor_id IS NULL AND amount > 0), 0)::int AS nameless
    FROM (SELECT use_id, donation_id, donor_id, counted, sum(amount) AS amount
            FROM (SELECT coalesce(use_id, 0) AS use_id, id AS donation_id, donor_id, counted, amount - refunded AS amount
                    FROM donation
                   WHERE organisation_id = $1 AND campaign_id = $3 AND status = 'paid' AND reversed_at IS NULL
                     AND ($4 IS NULL OR (given_on >= $4 AND given_on < $5))
                   UNION ALL
                  SELECT side.use_id, d.id, d.donor_id, d.counted, side.sign * least(g.amount, d.amount - d.refunded)
                    FROM designation g
                    JOIN donation d ON d.organisation_id = g.organisation_id AND d.id = g.donation_id
                   CROSS JOIN LATERAL (VALUES (g.to_use_id, 1), (g.from_use, -1)) AS side (use_id, sign)
                   WHERE g.organisation_id = $1 AND g.campaign_id = $3 AND d.status = 'paid' AND d.reversed_at IS NULL AND side.use_id IS NOT NULL
                     AND ($4 IS NULL OR (d.given_on >= $4 AND d.given_on < $5))) AS said
           GROUP BY use_id, donation_id, donor_id, counted) AS gift
   GROUP BY use_id
)
SELECT use_id, coalesce(spent.amount, 0) AS spent, coalesce(waiting.amount, 0) AS waiting, coalesce(named.amount, 0) AS named,
       coalesce(named.donors, '{}') AS donors, coalesce(named.nameless, 0) AS nameless
  FROM spent
  FULL JOIN waiting USING (use_id)
  FULL JOIN named USING (use_id)
