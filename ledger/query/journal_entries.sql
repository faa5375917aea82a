SELECT e.transaction_id, e.account, a.name AS account_name, a.plain, f.name AS fund,
       coalesce(i.name, '') AS initiative, coalesce(u.name, '') AS use, coalesce(e.segment, '') AS segment, e.amount
  FROM entry e
  JOIN account a ON a.organisation_id = e.organisation_id AND a.code = e.account
  JOIN fund f ON f.organisation_id = e.organisation_id AND f.id = e.fund_id
  LEFT JOIN initiative i ON i.organisation_id = e.organisation_id AND i.id = e.initiative_id
  LEFT JOIN use u ON u.organisation_id = e.organisation_id AND u.id = e.use_id
 WHERE e.organisation_id = $1 AND e.transaction_id = ANY ($2)
 ORDER BY e.transaction_id, e.number
