WITH flow AS (
  -- The kind is asked of one transaction at a time, by its key: no plan then reads the whole book for one fund.
  SELECT account, for_use, in_kind, sum(amount)::bigint AS amount
    FROM (SELECT e.account, e.use_id IS NOT NULL AS for_use, e.amount,
                 (SELECT t.kind = 'in_kind' OR coalesce( -- a gift in kind, or its reversal
                           (SELECT o.kind = 'in_kind' FROM transaction o WHERE o.organisation_id = $1 AND o.id = t.reverses), false)
                    FROM transaction t
                   WHERE t.organisation_id = $1 AND t.id = e.transaction_id) AS in_kind
            FROM entry e
           WHERE e.organisation_id = $1 AND e.fund_id = $2) AS line
   GROUP BY 1, 2, 3
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
