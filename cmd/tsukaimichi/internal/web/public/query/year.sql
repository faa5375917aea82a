SELECT a.code, a.name, a.plain, a.class, a.place, f.balance
  FROM (SELECT e.account, sum(e.amount)::bigint AS balance
          FROM entry e
         WHERE e.organisation_id = $1 AND e.account >= 4000 AND e.booked_on BETWEEN $2 AND $3
         GROUP BY e.account) AS f
  JOIN account a ON a.organisation_id = $1 AND a.code = f.account
 WHERE f.balance <> 0
 ORDER BY a.class DESC, abs(f.balance) DESC
