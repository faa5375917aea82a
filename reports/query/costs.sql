WITH line AS (
  SELECT coalesce(e.use_id, 0) AS use_id, e.account, coalesce(e.segment = 'admin', false) AS running, t.id AS transaction_id,
         t.kind = 'reversal' OR b.id IS NOT NULL AS undone, sum(e.amount)::bigint AS amount
    FROM entry e
    JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
    LEFT JOIN transaction o ON o.organisation_id = t.organisation_id AND o.id = t.reverses
    LEFT JOIN transaction b ON b.organisation_id = t.organisation_id AND b.reverses = t.id
   WHERE e.organisation_id = $1 AND e.fund_id = $2 AND t.kind <> 'in_kind' AND o.kind IS DISTINCT FROM 'in_kind'
     AND (e.account >= 5000 OR (e.account = 3200 AND e.use_id IS NOT NULL))
     AND ($3::date IS NULL OR (e.booked_on >= $3 AND e.booked_on < $4::date))
   GROUP BY 1, 2, 3, 4, 5
), paper AS (
  SELECT l.use_id, l.account, l.running, count(DISTINCT v.id)::int AS papers
    FROM line l
    LEFT JOIN expense x ON x.organisation_id = $1 AND x.transaction_id = l.transaction_id
    JOIN evidence v ON v.organisation_id = $1 AND v.erased_at IS NULL AND (v.expense_id = x.id OR v.transaction_id = l.transaction_id)
   WHERE NOT l.undone
   GROUP BY 1, 2, 3
)
SELECT c.use_id, c.account, c.running, a.name, a.plain, c.count, coalesce(p.papers, 0) AS papers, c.amount
  FROM (SELECT use_id, account, running, count(DISTINCT transaction_id) FILTER (WHERE NOT undone)::int AS count, sum(amount)::bigint AS amount
          FROM line
         GROUP BY 1, 2, 3) AS c
  JOIN account a ON a.organisation_id = $1 AND a.code = c.account
  LEFT JOIN paper p ON p.use_id = c.use_id AND p.account = c.account AND p.running = c.running
 WHERE c.amount <> 0
 ORDER BY c.use_id, c.account, c.running
