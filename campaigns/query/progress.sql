-- $4 and $5: the first day of the year the figures are of, and the first one after it; NULL where they are of all the time. What a year begins with is what
-- was left of all before.
WITH line AS (
  SELECT account, use_id > 0 AS for_use, amount, false AS in_kind, coalesce(month < $4::date, false) AS earlier
    FROM flow
   WHERE organisation_id = $1 AND fund_id = $2 AND ($5::date IS NULL OR month < $5)
   UNION ALL
  SELECT account, use_id > 0, -amount, false, coalesce(month < $4, false) -- gifts in kind are taken out of what is counted
    FROM goods
   WHERE organisation_id = $1 AND fund_id = $2 AND ($5 IS NULL OR month < $5)
   UNION ALL
  SELECT account, use_id > 0, amount, true, coalesce(month < $4, false)
    FROM goods
   WHERE organisation_id = $1 AND fund_id = $2 AND ($5 IS NULL OR month < $5)
)
SELECT (coalesce(sum(amount) FILTER (WHERE earlier AND account < 3000), 0)
         - coalesce(sum(amount) FILTER (WHERE NOT earlier AND (account = 3100 OR (account = 3200 AND NOT for_use))), 0))::bigint AS carried,
       -coalesce(sum(amount) FILTER (WHERE NOT earlier AND account BETWEEN 4000 AND 4999 AND NOT in_kind), 0)::bigint AS received,
       coalesce(sum(amount) FILTER (WHERE NOT earlier AND ((account >= 5000 AND NOT in_kind) OR (account = 3200 AND for_use))), 0)::bigint AS spent,
       coalesce(sum(amount) FILTER (WHERE account < 3000), 0)::bigint AS remaining,
       -coalesce(sum(amount) FILTER (WHERE NOT earlier AND account BETWEEN 4000 AND 4999 AND in_kind), 0)::bigint AS in_kind,
       (SELECT coalesce(sum(d.amount), 0)::bigint
          FROM donation d
         WHERE d.organisation_id = $1 AND d.campaign_id = $3 AND d.status = 'pending'
           AND ($4 IS NULL OR (d.given_on >= $4 AND d.given_on < $5))) AS pending,
       (SELECT count(*)::int
          FROM evidence v
         WHERE v.organisation_id = $1 AND v.erased_at IS NULL
           AND v.expense_id IN (
               SELECT l.expense_id
                 FROM expense_line l
                 LEFT JOIN expense x ON x.organisation_id = l.organisation_id AND x.id = l.expense_id AND $4 IS NOT NULL
                 LEFT JOIN transaction t ON t.organisation_id = x.organisation_id AND t.id = x.transaction_id
                WHERE l.organisation_id = $1 AND l.fund_id = $2
                  AND ($4 IS NULL OR (coalesce(t.booked_on, x.paid_on) >= $4 AND coalesce(t.booked_on, x.paid_on) < $5)))) AS papers,
       (SELECT count(DISTINCT coalesce(d.donor_id, -d.id))::int
          FROM donation d
         WHERE d.organisation_id = $1 AND d.campaign_id = $3 AND d.status = 'pending'
           AND ($4 IS NULL OR (d.given_on >= $4 AND d.given_on < $5))) AS paying,
       (SELECT count(DISTINCT coalesce(e.counterparty_id, -e.transaction_id))::int
          FROM entry e
         WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account BETWEEN 4220 AND 4240
           AND ($4 IS NULL OR (e.booked_on >= $4 AND e.booked_on < $5))
           AND NOT EXISTS (SELECT FROM transaction b WHERE b.organisation_id = $1 AND b.reverses = e.transaction_id)
           AND NOT EXISTS (SELECT FROM transaction b WHERE b.organisation_id = $1 AND b.id = e.transaction_id AND b.reverses IS NOT NULL)) AS bringing
  FROM line
