WITH line AS (
  SELECT coalesce(r.id, t.id) AS record, date_trunc('month', e.booked_on)::date AS month, e.number, e.account, coalesce(e.use_id, 0) AS use_id, e.amount, t.kind,
         t.kind = 'in_kind' OR coalesce(o.kind = 'in_kind', false) AS in_kind,
         CASE WHEN d.donor_id IS NULL THEN d.counted ELSE 1 END AS counted,
         t.donation_id IS NOT NULL AND e.account >= 5000 AS cost_of_gift, -- says how much the gift was
         CASE WHEN t.kind <> 'reversal' AND e.account <> 4219 THEN coalesce(d.donor_id, -d.id) END AS giver, d.donor_id IS NULL AS nameless
    FROM entry e
    JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
    LEFT JOIN log_record r ON r.organisation_id = t.organisation_id AND r.kind = 'transaction' AND r.subject_id = t.id
    LEFT JOIN transaction o ON o.organisation_id = t.organisation_id AND o.id = t.reverses
    LEFT JOIN donation d ON d.organisation_id = t.organisation_id AND d.id = t.donation_id
   WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account >= 3000
     AND ($3::date IS NULL OR (e.booked_on >= $3 AND e.booked_on < $4::date))
), told AS (
  SELECT 0::bigint AS record, month, 0 AS number, 4210 AS account, 0::bigint AS use_id, 'in' AS side, -sum(amount)::bigint AS amount,
         coalesce(sum(CASE WHEN kind = 'reversal' THEN -counted ELSE counted END) FILTER (WHERE account = 4210), 0)::int AS gifts,
         coalesce(sum(sign(amount)) FILTER (WHERE account = 4219), 0)::int AS returned,
         coalesce((array_agg(DISTINCT giver) FILTER (WHERE giver IS NOT NULL))[1:20], '{}') AS donors,
         coalesce(sum(counted - 1) FILTER (WHERE giver IS NOT NULL AND nameless), 0)::int AS nameless -- each is in donors once
    FROM line
   WHERE account IN (4210, 4219)
   GROUP BY month
   UNION ALL
  SELECT 0, month, 0, account, use_id, 'out', sum(amount)::bigint, (count(*) FILTER (WHERE kind = 'donation'))::int, 0,
         coalesce((array_agg(DISTINCT giver) FILTER (WHERE giver IS NOT NULL))[1:20], '{}'), 0
    FROM line
   WHERE cost_of_gift
   GROUP BY month, account, use_id
   UNION ALL
  SELECT record, month, number, account, use_id,
         CASE WHEN in_kind THEN 'in_kind' WHEN account >= 5000 OR (account = 3200 AND use_id > 0) THEN 'out' ELSE 'in' END,
         CASE WHEN account >= 5000 OR (account = 3200 AND use_id > 0) THEN amount ELSE -amount END, 0, 0, '{}', 0
    FROM line
   WHERE account NOT IN (4210, 4219) AND NOT cost_of_gift AND NOT (in_kind AND account >= 5000) -- goods are one gift and no spending
   UNION ALL
  SELECT -1, $3, 0, 3100, 0, 'in', sum(amount)::bigint, 0, 0, '{}', 0 -- what was left of the years before
    FROM flow
   WHERE organisation_id = $1 AND fund_id = $2 AND account < 3000 AND month < $3
  HAVING sum(amount) <> 0
)
SELECT s.record, s.month, s.account, a.plain, s.use_id, coalesce(u.name, '') AS use, s.side, s.amount, s.gifts, s.returned, s.donors, s.nameless
  FROM told s
  JOIN account a ON a.organisation_id = $1 AND a.code = s.account
  LEFT JOIN use u ON u.organisation_id = $1 AND u.id = s.use_id
 ORDER BY s.month, s.account, s.record, s.number
