SELECT v.transaction_id, v.id, v.file_hash
  FROM evidence v
 WHERE v.organisation_id = $1 AND v.transaction_id = ANY ($2)
 UNION ALL
SELECT x.transaction_id, v.id, v.file_hash
  FROM expense x
  JOIN evidence v ON v.organisation_id = x.organisation_id AND v.expense_id = x.id
 WHERE x.organisation_id = $1 AND x.transaction_id = ANY ($2)
 ORDER BY 1, 2
