SELECT channel,
       sum(CASE WHEN counts_as = 'nameless' THEN counted ELSE 1 END)::int AS gifts,
       (count(DISTINCT donor_id) FILTER (WHERE counts_as = 'person')
         + coalesce(sum(counted) FILTER (WHERE counts_as = 'person' AND donor_id IS NULL), 0))::int AS persons,
       (count(DISTINCT donor_id) FILTER (WHERE counts_as = 'household')
         + coalesce(sum(counted) FILTER (WHERE counts_as = 'household' AND donor_id IS NULL), 0))::int AS households,
       (count(DISTINCT donor_id) FILTER (WHERE counts_as = 'company')
         + coalesce(sum(counted) FILTER (WHERE counts_as = 'company' AND donor_id IS NULL), 0))::int AS companies,
       sum(amount)::bigint AS amount
  FROM donation
 WHERE organisation_id = $1 AND campaign_id = $2 AND status = 'paid'
 GROUP BY channel
 ORDER BY array_position(ARRAY['card', 'konbini', 'transfer', 'slip', 'cash', 'box', 'envelope'], channel)
