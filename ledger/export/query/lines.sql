SELECT t.id, coalesce(s.sequence, 0), t.kind, t.source, t.booked_on, t.belongs_on, t.posted_at, w.name, coalesce(m.text, ''), t.reason,
       coalesce(t.reverses, 0), e.number, e.account, a.name, a.class, e.fund_id, f.name, coalesce(e.segment, ''),
       coalesce(e.initiative_id, 0), coalesce(i.name, ''), coalesce(e.use_id, 0), coalesce(u.name, ''), coalesce(c.name, ''), e.amount
  FROM transaction t
  JOIN actor w ON w.organisation_id = t.organisation_id AND w.id = t.actor_id
  LEFT JOIN log_record r ON r.organisation_id = t.organisation_id AND r.kind = 'transaction' AND r.subject_id = t.id
  LEFT JOIN seal s ON s.organisation_id = r.organisation_id AND s.record_id = r.id
  LEFT JOIN memo m ON m.organisation_id = t.organisation_id AND m.transaction_id = t.id
  JOIN entry e ON e.organisation_id = t.organisation_id AND e.transaction_id = t.id
  JOIN account a ON a.organisation_id = e.organisation_id AND a.code = e.account
  JOIN fund f ON f.organisation_id = e.organisation_id AND f.id = e.fund_id
  LEFT JOIN initiative i ON i.organisation_id = e.organisation_id AND i.id = e.initiative_id
  LEFT JOIN use u ON u.organisation_id = e.organisation_id AND u.id = e.use_id
  LEFT JOIN counterparty c ON c.organisation_id = e.organisation_id AND c.id = e.counterparty_id
 WHERE t.organisation_id = $1
 ORDER BY t.booked_on, t.posted_at, t.id, e.number
