SELECT fund_id, account, sum(amount)::bigint AS amount
  FROM (
    SELECT r.fund_id, r.account, sum(r.amount) AS amount, sum(r.entries) AS entries
      FROM rollup r
     WHERE r.organisation_id = $1 AND r.month <= $2
     GROUP BY r.fund_id, r.account
    UNION ALL
    SELECT e.fund_id, e.account, e.amount, 1
      FROM waiting w
      JOIN entry e ON e.organisation_id = w.organisation_id AND e.transaction_id = w.subject_id
     WHERE w.organisation_id = $1 AND w.kind = 'transaction' AND e.booked_on <= $2
    UNION ALL
    SELECT days.fund_id, a.code, $5 * days.amount, $5 * days.entries
      FROM account a
     CROSS JOIN LATERAL (
       SELECT e.fund_id, sum(e.amount) AS amount, count(*) AS entries
         FROM entry e
        WHERE e.organisation_id = a.organisation_id AND e.account = a.code AND e.booked_on BETWEEN $3 AND $4
        GROUP BY e.fund_id) AS days
     WHERE a.organisation_id = $1) AS part
 GROUP BY fund_id, account
HAVING sum(entries) > 0
 ORDER BY fund_id, account
