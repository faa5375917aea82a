WITH gift AS (
  SELECT date_trunc('month', e.booked_on)::date AS month, e.account, count(*)::int AS gifts, -sum(e.amount)::bigint AS amount
    FROM entry e
   WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account IN (4210, 4219)
   GROUP BY 1, 2
)
SELECT 0::bigint AS record, month, account, 0::bigint AS use_id, '' AS use, gifts, amount, '' AS kind
  FROM gift
UNION ALL
SELECT r.id, date_trunc('month', e.booked_on)::date, e.account, coalesce(e.use_id, 0), coalesce(u.name, ''), 1,
       CASE WHEN e.account < 5000 AND e.use_id IS NULL THEN -e.amount ELSE e.amount END, t.kind
  FROM entry e
  JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
  JOIN log_record r ON r.organisation_id = t.organisation_id AND r.kind = 'transaction' AND r.subject_id = t.id
  LEFT JOIN use u ON u.organisation_id = e.organisation_id AND u.id = e.use_id
 WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account >= 3000 AND e.account NOT IN (4210, 4219)
 ORDER BY 2, 3, 1
