SELECT count(DISTINCT donor_id) FILTER (WHERE counts_as = 'person')::int AS persons,
       (count(DISTINCT donor_id) FILTER (WHERE counts_as = 'household')
         + coalesce(sum(counted) FILTER (WHERE counts_as = 'household' AND donor_id IS NULL), 0))::int AS households,
       (count(DISTINCT donor_id) FILTER (WHERE counts_as = 'company')
         + coalesce(sum(counted) FILTER (WHERE counts_as = 'company' AND donor_id IS NULL), 0))::int AS companies,
       coalesce(sum(counted) FILTER (WHERE counts_as = 'nameless'), 0)::int AS nameless
  FROM donation
 WHERE organisation_id = $1 AND campaign_id = $2 AND status = 'paid' AND reversed_at IS NULL AND refunded < amount
   AND ($3::date IS NULL OR (given_on >= $3 AND given_on < $4::date))
