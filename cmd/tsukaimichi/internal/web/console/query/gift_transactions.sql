SELECT t.id, t.kind, t.booked_on
  FROM transaction t
 WHERE t.organisation_id = $1 AND t.donation_id = $2
 ORDER BY t.posted_at, t.id
