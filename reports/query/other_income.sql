SELECT a.code AS account, a.plain, i.amount
  FROM (SELECT e.account, -sum(e.amount)::bigint AS amount
          FROM entry e
          JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
         WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account BETWEEN 4000 AND 4999
           AND e.account NOT IN (4210, 4219) AND t.kind <> 'in_kind'
         GROUP BY e.account) AS i
  JOIN account a ON a.organisation_id = $1 AND a.code = i.account
 WHERE i.amount <> 0
 ORDER BY a.code
