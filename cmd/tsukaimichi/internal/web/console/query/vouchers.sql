SELECT count(*)::int AS count, coalesce(sum(d.amount), 0)::bigint AS amount, min(c.voucher_until) AS until
  FROM donation d
  JOIN checkout c ON c.organisation_id = d.organisation_id AND c.donation_id = d.id AND c.status = 'pending'
 WHERE d.organisation_id = $1 AND d.status = 'pending' AND d.channel = 'konbini'
