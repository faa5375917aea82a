SELECT c.organisation_id, c.id, c.slug, c.initiative_id, coalesce(c.fund_id, 0) AS fund_id, c.status, c.version,
       p.title, p.collects_from, p.collects_until, p.report_due_on, p.standing, p.year_from, k.due_on AS owed_on, o.name AS organisation,
       CASE WHEN o.address_disclosed THEN o.address ELSE '' END AS address,
       m.received, m.spent, g.persons, g.households, g.companies, g.nameless,
       (SELECT coalesce(sum(u.amount), 0)::bigint
          FROM plan_use u
         WHERE u.organisation_id = c.organisation_id AND u.campaign_id = c.id AND u.version = c.version) AS promised
  FROM campaign c
  JOIN plan p ON p.organisation_id = c.organisation_id AND p.campaign_id = c.id AND p.version = c.version
  JOIN organisation o ON o.id = c.organisation_id
  LEFT JOIN LATERAL (
    SELECT min(d.due_on) AS due_on
      FROM duty d
     WHERE d.organisation_id = c.organisation_id AND d.campaign_id = c.id AND d.met_at IS NULL) AS k ON true
  CROSS JOIN LATERAL (
    -- Gifts in kind do not count towards the promise, as on the campaign's own page.
    SELECT -coalesce(sum(amount) FILTER (WHERE account BETWEEN 3000 AND 4999 AND NOT (account = 3200 AND for_use)), 0)::bigint AS received,
           coalesce(sum(amount) FILTER (WHERE account >= 5000 OR (account = 3200 AND for_use)), 0)::bigint AS spent
      FROM (SELECT e.account, e.use_id > 0 AS for_use, e.amount
              FROM flow e
             WHERE e.organisation_id = c.organisation_id AND e.fund_id = c.fund_id AND (p.year_from IS NULL OR e.month >= p.year_from)
             UNION ALL
            SELECT e.account, e.use_id > 0, -e.amount
              FROM goods e
             WHERE e.organisation_id = c.organisation_id AND e.fund_id = c.fund_id AND (p.year_from IS NULL OR e.month >= p.year_from)) AS line) AS m
  CROSS JOIN LATERAL (
    SELECT (count(DISTINCT d.donor_id) FILTER (WHERE d.counts_as = 'person')
             + coalesce(sum(d.counted) FILTER (WHERE d.counts_as = 'person' AND d.donor_id IS NULL), 0))::int AS persons,
           (count(DISTINCT d.donor_id) FILTER (WHERE d.counts_as = 'household')
             + coalesce(sum(d.counted) FILTER (WHERE d.counts_as = 'household' AND d.donor_id IS NULL), 0))::int AS households,
           (count(DISTINCT d.donor_id) FILTER (WHERE d.counts_as = 'company')
             + coalesce(sum(d.counted) FILTER (WHERE d.counts_as = 'company' AND d.donor_id IS NULL), 0))::int AS companies,
           coalesce(sum(d.counted) FILTER (WHERE d.counts_as = 'nameless'), 0)::int AS nameless
      FROM donation d
     WHERE d.organisation_id = c.organisation_id AND d.campaign_id = c.id AND d.status = 'paid' AND d.refunded < d.amount
       AND (p.year_from IS NULL OR d.given_on >= p.year_from)) AS g
 WHERE c.status <> 'draft'
   AND ($1::bigint = 0 OR c.organisation_id = $1)
   AND c.id <> $2
   AND ($3 = '' OR position($3 IN p.title) > 0 OR position($3 IN p.lead) > 0 OR position($3 IN p.need) > 0
        OR position($3 IN o.name) > 0 OR (o.address_disclosed AND position($3 IN o.address) > 0))
   AND ($4 = '' OR ($4 = 'open' AND c.status IN ('announced', 'open') AND $5::date BETWEEN p.collects_from AND coalesce(p.collects_until, p.year_from + 365))
        OR ($4 = 'late' AND k.due_on < $5::date)
        OR ($4 = 'reported' AND c.status = 'reported'))
 ORDER BY p.collects_until DESC, c.organisation_id, c.slug
 LIMIT $6 OFFSET $7
