SELECT e.transaction_id, e.number, e.account, e.fund_id, e.segment, e.initiative_id, e.use_id, e.counterparty_id, c.name,
       e.amount, e.booked_on
  FROM entry e
  LEFT JOIN counterparty c ON c.organisation_id = e.organisation_id AND c.id = e.counterparty_id
 WHERE e.organisation_id = $1 AND e.transaction_id = ANY ($2)
 ORDER BY e.transaction_id, e.number
