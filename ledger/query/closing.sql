SELECT 'unchecked' AS kind, count(*)::int AS count, coalesce(sum(x.amount), 0)::bigint AS amount
  FROM expense x
 WHERE x.organisation_id = $1 AND x.status = 'unchecked' AND x.paid_on <= $2
HAVING count(*) > 0
 UNION ALL
SELECT 'unsealed', count(*)::int, 0
  FROM waiting w
  LEFT JOIN transaction t ON t.organisation_id = w.organisation_id AND w.kind = 'transaction' AND t.id = w.subject_id
 WHERE w.organisation_id = $1 AND w.kind <> 'closing' AND coalesce(w.recorded_at, t.posted_at) < $3 AND (t.id IS NULL OR t.booked_on <= $2)
HAVING count(*) > 0
 ORDER BY kind
