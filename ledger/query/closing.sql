SELECT 'unchecked' AS kind, count(*)::int AS count, coalesce(sum(x.amount), 0)::bigint AS amount
  FROM expense x
 WHERE x.organisation_id = $1 AND x.status = 'unchecked' AND x.paid_on <= $2
HAVING count(*) > 0
 UNION ALL
SELECT 'unsealed', count(*)::int, 0
  FROM unsealed u
  JOIN log_record r ON r.organisation_id = u.organisation_id AND r.id = u.record_id
  LEFT JOIN transaction t ON t.organisation_id = r.organisation_id AND r.kind = 'transaction' AND t.id = r.subject_id
 WHERE u.organisation_id = $1 AND r.recorded_at < $3 AND (t.id IS NULL OR t.booked_on <= $2)
HAVING count(*) > 0
 ORDER BY kind
