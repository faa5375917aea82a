SELECT count(*)::int AS count, coalesce(min(x.id), 0) AS oldest, coalesce(sum(x.amount), 0)::bigint AS amount
  FROM bare_expense b
  JOIN expense x ON x.organisation_id = b.organisation_id AND x.id = b.expense_id
 WHERE b.organisation_id = $1 AND x.status <> 'refused' AND x.no_paper_reason = ''
   AND NOT EXISTS (
         SELECT FROM evidence v
          WHERE v.organisation_id = x.organisation_id AND v.expense_id = x.id AND v.erased_at IS NULL)
   AND NOT EXISTS (
         SELECT FROM transaction r
          WHERE r.organisation_id = x.organisation_id AND r.reverses = x.transaction_id)
