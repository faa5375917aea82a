SELECT t.id, t.kind, t.booked_on, t.belongs_on, t.posted_at, a.name AS by_name, coalesce(m.text, '') AS memo,
       coalesce((SELECT c.name
                   FROM entry e
                   JOIN counterparty c ON c.organisation_id = e.organisation_id AND c.id = e.counterparty_id
                  WHERE e.organisation_id = t.organisation_id AND e.transaction_id = t.id
                  ORDER BY e.number
                  LIMIT 1), '') AS payee,
       t.reason, coalesce(t.reverses, 0) AS reverses, r.id IS NOT NULL AS reversed,
       coalesce(x.id, 0) AS expense_id, coalesce(t.donation_id, 0) AS donation_id,
       coalesce(x.status = 'unchecked', false) AS unchecked,
       money.money_in, money.money_out
  FROM page t
  JOIN actor a ON a.organisation_id = t.organisation_id AND a.id = t.actor_id
  LEFT JOIN memo m ON m.organisation_id = t.organisation_id AND m.transaction_id = t.id
  LEFT JOIN transaction r ON r.organisation_id = t.organisation_id AND r.reverses = t.id
  LEFT JOIN expense x ON x.organisation_id = t.organisation_id AND x.transaction_id = t.id
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(greatest(place.change, 0)), 0)::bigint AS money_in,
           coalesce(-sum(least(place.change, 0)), 0)::bigint AS money_out
      FROM (SELECT sum(e.amount) AS change
              FROM entry e
              JOIN account p ON p.organisation_id = e.organisation_id AND p.code = e.account AND p.place
             WHERE e.organisation_id = t.organisation_id AND e.transaction_id = t.id
             GROUP BY e.account) AS place) AS money
 ORDER BY t.booked_on DESC, t.posted_at DESC, t.id DESC
