SELECT f.organisation_id, f.id, f.name, f.kind, f.initiative_id, f.collects_from, f.collects_until, f.closed_on,
       coalesce(b.left_over, 0)::bigint AS left_over
  FROM fund f
  LEFT JOIN (SELECT e.fund_id, sum(e.amount) AS left_over
               FROM entry e
              WHERE e.organisation_id = $1 AND e.account < 3000 AND e.booked_on <= $2
              GROUP BY e.fund_id) AS b ON b.fund_id = f.id
 WHERE f.organisation_id = $1 AND (f.closed_on IS NULL OR b.left_over <> 0)
 ORDER BY f.kind <> 'general', f.name, f.id
