SELECT r.id, r.kind, r.subject_id, r.content, r.recorded_at,
       t.kind, t.source, t.booked_on, t.belongs_on, t.entry_count, t.actor_id, a.kind, a.subject_id, a.name, t.posted_at,
       t.reverses, t.reason, t.donation_id, t.refund_id, m.text
  FROM log_record r
  LEFT JOIN transaction t ON t.organisation_id = r.organisation_id AND r.kind = 'transaction' AND t.id = r.subject_id
  LEFT JOIN actor a ON a.organisation_id = t.organisation_id AND a.id = t.actor_id
  LEFT JOIN memo m ON m.organisation_id = t.organisation_id AND m.transaction_id = t.id
 WHERE r.organisation_id = $1 AND r.id = ANY ($2)
