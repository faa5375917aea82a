SELECT count(*)::int AS count, coalesce(min(d.id), 0) AS oldest, coalesce(sum(d.amount - d.refunded), 0)::bigint AS amount
  FROM donation d
 WHERE d.organisation_id = $1 AND d.status = 'paid' AND d.receipt_wanted <> 'none' AND d.refunded < d.amount AND d.reversed_at IS NULL
   AND NOT EXISTS (
         SELECT FROM receipt r
          WHERE r.organisation_id = d.organisation_id AND r.donation_id = d.id
            AND NOT EXISTS (
                  SELECT FROM receipt_void v
                   WHERE v.organisation_id = r.organisation_id AND v.receipt_id = r.id))
