SELECT a.code AS account, a.plain, i.count, i.amount
  FROM (SELECT e.account, -sum(e.amount)::bigint AS amount,
               count(DISTINCT t.id) FILTER (WHERE t.kind <> 'reversal' AND b.id IS NULL)::int AS count
          FROM entry e
          JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
          LEFT JOIN transaction o ON o.organisation_id = t.organisation_id AND o.id = t.reverses
          LEFT JOIN transaction b ON b.organisation_id = t.organisation_id AND b.reverses = t.id
         WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account BETWEEN 4000 AND 4999
           AND e.account NOT IN (4210, 4219) AND t.kind <> 'in_kind' AND o.kind IS DISTINCT FROM 'in_kind'
           AND ($3::date IS NULL OR (e.booked_on >= $3 AND e.booked_on < $4::date))
         GROUP BY e.account) AS i
  JOIN account a ON a.organisation_id = $1 AND a.code = i.account
 WHERE i.amount <> 0
 ORDER BY a.code
