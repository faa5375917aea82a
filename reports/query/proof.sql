WITH spent AS (
  SELECT DISTINCT x.id, x.status, x.transaction_id IS NOT NULL AS posted
    FROM expense_line l
    JOIN expense x ON x.organisation_id = l.organisation_id AND x.id = l.expense_id
    LEFT JOIN transaction p ON p.organisation_id = x.organisation_id AND p.id = x.transaction_id
   WHERE l.organisation_id = $1 AND l.fund_id = $2 AND x.status <> 'refused'
     AND ($4::date IS NULL OR (coalesce(p.booked_on, x.paid_on) >= $4 AND coalesce(p.booked_on, x.paid_on) < $5::date))
     AND NOT EXISTS (SELECT FROM transaction b WHERE b.organisation_id = x.organisation_id AND b.reverses = x.transaction_id)
), paper AS (
  SELECT s.id, count(v.id)::int AS papers
    FROM spent s
    LEFT JOIN evidence v ON v.organisation_id = $1 AND v.expense_id = s.id AND v.erased_at IS NULL
   WHERE s.posted
   GROUP BY 1
)
SELECT (SELECT coalesce(sum(papers), 0)::int FROM paper) AS papers,
       (SELECT count(*)::int FROM paper WHERE papers = 0) AS bare,
       (SELECT count(*)::int FROM spent WHERE status = 'unchecked' AND posted) AS unchecked,
       (SELECT count(*)::int FROM spent WHERE NOT posted) AS unposted,
       (SELECT coalesce(sum(l.amount), 0)::bigint
          FROM expense_line l
         WHERE l.organisation_id = $1 AND l.fund_id = $2 AND l.expense_id IN (SELECT id FROM spent WHERE NOT posted)) AS unposted_amount,
       (SELECT count(*)::int
          FROM donation d
         WHERE d.organisation_id = $1 AND d.campaign_id = $3 AND d.status = 'pending'
           AND ($4 IS NULL OR (d.given_on >= $4 AND d.given_on < $5))) AS pending,
       (SELECT coalesce(sum(e.amount), 0)::bigint
          FROM entry e
         WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account = 4219
           AND ($4 IS NULL OR (e.booked_on >= $4 AND e.booked_on < $5))) AS returned,
       (SELECT count(DISTINCT r.id)::int
          FROM refund r
          JOIN donation d ON d.organisation_id = r.organisation_id AND d.id = r.donation_id
         WHERE r.organisation_id = $1 AND d.campaign_id = $3 AND r.status = 'paid'
           AND ($4 IS NULL OR EXISTS (
               SELECT FROM transaction t
                WHERE t.organisation_id = $1 AND t.refund_id = r.id AND t.kind = 'refund' AND t.booked_on >= $4 AND t.booked_on < $5))) AS returns,
       (SELECT count(DISTINCT coalesce(d.donor_id, -d.id))::int
          FROM refund r
          JOIN donation d ON d.organisation_id = r.organisation_id AND d.id = r.donation_id
         WHERE r.organisation_id = $1 AND d.campaign_id = $3 AND r.status = 'paid'
           AND ($4 IS NULL OR EXISTS (
               SELECT FROM transaction t
                WHERE t.organisation_id = $1 AND t.refund_id = r.id AND t.kind = 'refund' AND t.booked_on >= $4 AND t.booked_on < $5))) AS returners,
       (SELECT count(DISTINCT coalesce(d.donor_id, -d.id))::int
          FROM donation d
          JOIN transaction t ON t.organisation_id = d.organisation_id AND t.donation_id = d.id
          JOIN entry e ON e.organisation_id = t.organisation_id AND e.transaction_id = t.id
         WHERE d.organisation_id = $1 AND d.campaign_id = $3 AND e.account IN (5420, 5421, 5422)
           AND ($4 IS NULL OR (e.booked_on >= $4 AND e.booked_on < $5))) AS costing,
       (SELECT coalesce(sum(e.amount), 0)::bigint
          FROM donation d
          JOIN transaction t ON t.organisation_id = d.organisation_id AND t.donation_id = d.id
          JOIN entry e ON e.organisation_id = t.organisation_id AND e.transaction_id = t.id
         WHERE d.organisation_id = $1 AND d.campaign_id = $3 AND e.fund_id <> $2 AND e.account IN (5420, 5421, 5422)
           AND ($4 IS NULL OR (e.booked_on >= $4 AND e.booked_on < $5))) AS borne_elsewhere
