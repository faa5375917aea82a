SELECT r.id, r.donation_id, f.missing
  FROM receipt r
  JOIN receipt_file f ON f.organisation_id = r.organisation_id AND f.receipt_id = r.id
 WHERE r.organisation_id = $1 AND f.missing <> '' AND f.sent_at IS NULL
   AND NOT EXISTS (
         SELECT FROM receipt_void v
          WHERE v.organisation_id = r.organisation_id AND v.receipt_id = r.id)
 ORDER BY r.issued_at
 LIMIT 20
