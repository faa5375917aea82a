WITH flow AS (
  SELECT e.account, e.use_id IS NOT NULL AS for_use, sum(e.amount)::bigint AS amount,
         t.kind = 'in_kind' OR coalesce(o.kind = 'in_kind', false) AS in_kind -- a gift in kind, or its reversal
    FROM entry e
    JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
    LEFT JOIN transaction o ON o.organisation_id = t.organisation_id AND o.id = t.reverses
   WHERE e.organisation_id = $1 AND e.fund_id = $2
   GROUP BY 1, 2, 4
)
SELECT -coalesce(sum(amount) FILTER (WHERE account = 3100 OR (account = 3200 AND NOT for_use)), 0)::bigint AS carried,
       -coalesce(sum(amount) FILTER (WHERE account BETWEEN 4000 AND 4999 AND NOT in_kind), 0)::bigint AS received,
       coalesce(sum(amount) FILTER (WHERE (account >= 5000 AND NOT in_kind) OR (account = 3200 AND for_use)), 0)::bigint AS spent,
       coalesce(sum(amount) FILTER (WHERE account < 3000), 0)::bigint AS remaining,
       -coalesce(sum(amount) FILTER (WHERE account BETWEEN 4000 AND 4999 AND in_kind), 0)::bigint AS in_kind,
       (SELECT coalesce(sum(d.amount), 0)::bigint
          FROM donation d
         WHERE d.organisation_id = $1 AND d.campaign_id = $3 AND d.status = 'pending') AS pending,
       (SELECT count(*)::int
          FROM evidence v
         WHERE v.organisation_id = $1 AND v.erased_at IS NULL
           AND v.expense_id IN (SELECT l.expense_id FROM expense_line l WHERE l.organisation_id = $1 AND l.fund_id = $2)) AS papers
  FROM flow
