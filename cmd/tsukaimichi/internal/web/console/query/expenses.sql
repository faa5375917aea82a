SELECT x.id, x.status, x.paid_on, c.name AS payee, x.what, x.amount, a.plain AS account, x.no_paper_reason, b.name AS entered_by,
       (SELECT count(*)::int FROM evidence v
         WHERE v.organisation_id = x.organisation_id AND v.expense_id = x.id AND v.erased_at IS NULL) AS papers,
       EXISTS (SELECT FROM transaction r
                WHERE r.organisation_id = x.organisation_id AND r.reverses = x.transaction_id) AS reversed,
       x.account = $7 AND x.status <> 'refused'
         AND NOT EXISTS (
               SELECT FROM repayment p
                WHERE p.organisation_id = x.organisation_id AND p.expense_id = x.id
                  AND NOT EXISTS (
                        SELECT FROM transaction r
                         WHERE r.organisation_id = p.organisation_id AND r.reverses = p.transaction_id)) AS unpaid
  FROM expense x
  JOIN counterparty c ON c.organisation_id = x.organisation_id AND c.id = x.counterparty_id
  JOIN account a ON a.organisation_id = x.organisation_id AND a.code = x.account
  JOIN actor b ON b.organisation_id = x.organisation_id AND b.id = x.entered_by
 WHERE x.organisation_id = $1
   AND ($2 <> 'unchecked' OR x.status = 'unchecked')
   AND ($2 <> 'unpaid' OR (x.account = $7 AND x.status <> 'refused'
         AND NOT EXISTS (
               SELECT FROM repayment p
                WHERE p.organisation_id = x.organisation_id AND p.expense_id = x.id
                  AND NOT EXISTS (
                        SELECT FROM transaction r
                         WHERE r.organisation_id = p.organisation_id AND r.reverses = p.transaction_id))))
   AND ($2 <> 'no_paper' OR (x.status <> 'refused' AND x.no_paper_reason = ''
         AND NOT EXISTS (
               SELECT FROM evidence v
                WHERE v.organisation_id = x.organisation_id AND v.expense_id = x.id AND v.erased_at IS NULL)))
   AND ($3 = '' OR position($3 IN c.name) > 0 OR position($3 IN x.what) > 0)
   AND ($4::date IS NULL OR (x.paid_on, x.id) < ($4, $5::bigint))
 ORDER BY x.paid_on DESC, x.id DESC
 LIMIT $6
