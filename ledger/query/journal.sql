SELECT t.id, t.kind, t.booked_on, t.belongs_on, t.posted_at, a.name AS by_name, coalesce(m.text, '') AS memo,
       coalesce((SELECT c.name
                   FROM entry e
                   JOIN counterparty c ON c.organisation_id = e.organisation_id AND c.id = e.counterparty_id
                  WHERE e.organisation_id = t.organisation_id AND e.transaction_id = t.id
                  ORDER BY e.number
                  LIMIT 1), '') AS payee,
       t.reason, coalesce(t.reverses, 0) AS reverses,
       EXISTS (SELECT FROM transaction r WHERE r.organisation_id = t.organisation_id AND r.reverses = t.id) AS reversed,
       coalesce(x.id, 0) AS expense_id, coalesce(t.donation_id, 0) AS donation_id,
       coalesce(x.status = 'unchecked', false) AS unchecked,
       money.money_in, money.money_out
  FROM transaction t
  JOIN actor a ON a.organisation_id = t.organisation_id AND a.id = t.actor_id
  LEFT JOIN memo m ON m.organisation_id = t.organisation_id AND m.transaction_id = t.id
  LEFT JOIN expense x ON x.organisation_id = t.organisation_id AND x.transaction_id = t.id
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(greatest(place.change, 0)), 0)::bigint AS money_in,
           coalesce(-sum(least(place.change, 0)), 0)::bigint AS money_out
      FROM (SELECT sum(e.amount) AS change
              FROM entry e
              JOIN account p ON p.organisation_id = e.organisation_id AND p.code = e.account AND p.place
             WHERE e.organisation_id = t.organisation_id AND e.transaction_id = t.id
             GROUP BY e.account) AS place) AS money
 WHERE t.organisation_id = $1
   AND ($2::date IS NULL OR t.booked_on >= $2)
   AND ($3::date IS NULL OR t.booked_on <= $3)
   AND ($8 = '' OR t.kind = $8)
   AND (NOT $9::bool OR x.status = 'unchecked')
   AND (($4::bigint = 0 AND $5::bigint = 0 AND $6::bigint = 0 AND $7::int = 0 AND $11::bigint = 0) OR EXISTS (
         SELECT FROM entry e
          WHERE e.organisation_id = t.organisation_id AND e.transaction_id = t.id
            AND ($4 = 0 OR e.fund_id = $4)
            AND ($5 = 0 OR e.initiative_id = $5)
            AND ($6 = 0 OR e.use_id = $6)
            AND ($7 = 0 OR e.account = $7)
            AND ($11 = 0 OR abs(e.amount) = $11)))
   AND ($10 = '' OR position($10 IN coalesce(m.text, '')) > 0 OR EXISTS (
         SELECT FROM entry e
           LEFT JOIN counterparty c ON c.organisation_id = e.organisation_id AND c.id = e.counterparty_id
           JOIN account n ON n.organisation_id = e.organisation_id AND n.code = e.account
          WHERE e.organisation_id = t.organisation_id AND e.transaction_id = t.id
            AND (position($10 IN coalesce(c.name, '')) > 0 OR position($10 IN n.name) > 0 OR position($10 IN n.plain) > 0)))
   AND ($12::date IS NULL OR (t.booked_on, t.posted_at, t.id) < ($12, $13::timestamptz, $14::bigint))
 ORDER BY t.booked_on DESC, t.posted_at DESC, t.id DESC
 LIMIT $15
