SELECT c.use_id, c.account, a.name, a.plain, c.count, c.papers, c.amount
  FROM (SELECT coalesce(e.use_id, 0) AS use_id, e.account, count(DISTINCT e.transaction_id)::int AS count,
               coalesce(sum((SELECT count(*)
                               FROM evidence v
                               JOIN expense x ON x.organisation_id = v.organisation_id AND x.id = v.expense_id
                              WHERE v.organisation_id = e.organisation_id AND x.transaction_id = e.transaction_id
                                AND v.erased_at IS NULL)), 0)::int AS papers,
               sum(e.amount)::bigint AS amount
          FROM entry e
          JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
         WHERE e.organisation_id = $1 AND e.fund_id = $2 AND t.kind <> 'in_kind'
           AND (e.account >= 5000 OR (e.account = 3200 AND e.use_id IS NOT NULL))
         GROUP BY 1, 2) AS c
  JOIN account a ON a.organisation_id = $1 AND a.code = c.account
 WHERE c.amount <> 0
 ORDER BY c.use_id, c.account
