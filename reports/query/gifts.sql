WITH booked AS (
  SELECT t.donation_id, -sum(e.amount)::bigint AS amount
    FROM entry e
    JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
   WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account = 4210
     AND ($3::date IS NULL OR (e.booked_on >= $3 AND e.booked_on < $4::date))
   GROUP BY 1
)
SELECT d.channel,
       sum(CASE WHEN d.donor_id IS NULL THEN d.counted ELSE 1 END)::int AS gifts,
       (count(DISTINCT d.donor_id) FILTER (WHERE d.counts_as = 'person' AND d.refunded < d.amount))::int AS persons,
       (count(DISTINCT d.donor_id) FILTER (WHERE d.counts_as = 'household' AND d.refunded < d.amount)
         + coalesce(sum(d.counted) FILTER (WHERE d.counts_as = 'household' AND d.donor_id IS NULL AND d.refunded < d.amount), 0))::int AS households,
       (count(DISTINCT d.donor_id) FILTER (WHERE d.counts_as = 'company' AND d.refunded < d.amount)
         + coalesce(sum(d.counted) FILTER (WHERE d.counts_as = 'company' AND d.donor_id IS NULL AND d.refunded < d.amount), 0))::int AS companies,
       sum(b.amount)::bigint AS amount,
       coalesce((array_agg(DISTINCT d.donor_id) FILTER (WHERE d.donor_id IS NOT NULL))[1:20], '{}') AS donors,
       coalesce(sum(d.counted) FILTER (WHERE d.donor_id IS NULL), 0)::int AS nameless
  FROM booked b
  JOIN donation d ON d.organisation_id = $1 AND d.id = b.donation_id
 WHERE b.amount <> 0
 GROUP BY d.channel
 ORDER BY array_position(ARRAY['card', 'konbini', 'transfer', 'slip', 'cash', 'box', 'envelope'], d.channel)
