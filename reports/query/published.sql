WITH stands AS (
  SELECT 'plan' AS kind, p.campaign_id * 1000 + p.version AS subject_id,
         jsonb_build_object('Version', p.version, 'Title', p.title, 'Lead', p.lead, 'Saying', p.saying, 'Need', p.need,
           'OtherSources', p.other_sources, 'Uncovered', p.uncovered, 'CostsBorneBy', p.costs_borne_by, 'Margin', p.margin,
           'CollectsFrom', coalesce(to_char(p.collects_from, 'YYYY-MM-DD'), ''),
           'CollectsUntil', coalesce(to_char(p.collects_until, 'YYYY-MM-DD'), ''),
           'IfTooLittle', p.if_too_little, 'IfTooMuch', p.if_too_much, 'IfStopped', p.if_stopped,
           'ReportDueOn', coalesce(to_char(p.report_due_on, 'YYYY-MM-DD'), ''), 'Responsible', p.responsible, 'Reason', p.reason,
           'Standing', p.standing, 'YearFrom', coalesce(to_char(p.year_from, 'YYYY-MM-DD'), ''),
           'Uses', coalesce((SELECT jsonb_agg(jsonb_build_object('UseID', u.use_id, 'Name', u.name, 'Detail', u.detail,
                                      'Quantity', coalesce(u.quantity, 0), 'Unit', u.unit, 'UnitPrice', coalesce(u.unit_price, 0),
                                      'Amount', u.amount, 'DueOn', to_char(u.due_on, 'YYYY-MM-DD'), 'Evidence', u.evidence,
                                      'BearsCosts', u.bears_costs) ORDER BY u.position)
                               FROM plan_use u
                              WHERE u.organisation_id = $1 AND u.campaign_id = p.campaign_id AND u.version = p.version), '[]'),
           'Goals', coalesce((SELECT jsonb_agg(jsonb_build_object('kind', g.kind, 'name', g.name, 'target', g.target, 'unit', g.unit)
                                      ORDER BY g.position)
                                FROM plan_goal g
                               WHERE g.organisation_id = $1 AND g.campaign_id = p.campaign_id AND g.version = p.version), '[]')) AS content
    FROM plan p
   WHERE p.organisation_id = $1 AND p.version >= 1
  UNION ALL
  SELECT 'receipt', r.id,
         jsonb_build_object('amount', r.payload->'amount',
           'number', CASE WHEN r.payload->>'number' = r.year || '-' || lpad(r.number::text, greatest(4, length(r.number::text)), '0')
                                 || CASE WHEN r.branch > 1 THEN '-' || r.branch ELSE '' END
                          THEN r.payload->>'number' END)
    FROM receipt r
   WHERE r.organisation_id = $1
  UNION ALL
  SELECT 'receipt_void', v.receipt_id, '{}'
    FROM receipt_void v
   WHERE v.organisation_id = $1
  UNION ALL
  SELECT CASE WHEN p.version > 1 THEN 'correction' ELSE 'report' END, p.report_id,
         jsonb_build_object('number', p.number, 'version', p.version, 'sha256', encode(p.file_hash, 'hex'), 'entries', encode(p.entries_hash, 'hex'),
           'one_page', coalesce(encode(p.one_page_hash, 'hex'), ''))
           || CASE WHEN p.withdrawn_at IS NOT NULL AND p.content = '{}' AND p.document = '{}' THEN '{}' -- a consent was taken back
                   ELSE jsonb_build_object('page',
                          encode(sha256(convert_to(jsonb_build_array(p.content, p.figures, p.document)::text, 'UTF8')), 'hex')) END
    FROM report_publication p
   WHERE p.organisation_id = $1
  UNION ALL
  SELECT 'decision', d.id,
         jsonb_build_object('decided_on', to_char(d.decided_on, 'YYYY-MM-DD'), 'decided_by', d.decided_by, 'purpose', d.purpose, 'amount', d.amount,
           'due_on', coalesce(to_char(d.due_on, 'YYYY-MM-DD'), ''), 'campaign', coalesce(d.campaign_id, 0))
    FROM gift_decision d
   WHERE d.organisation_id = $1
  UNION ALL
  SELECT 'decision_report', d.decision_id,
         jsonb_build_object('decision', d.decision_id, 'did', d.did, 'rest', d.rest, 'spent', d.spent, 'records', d.records)
    FROM gift_decision_report d
   WHERE d.organisation_id = $1
  UNION ALL
  SELECT 'closing', to_char(p.until_on, 'YYYYMMDD')::bigint * 10 + CASE WHEN p.kind = 'year' THEN 2 ELSE 1 END,
         jsonb_build_object('until_on', to_char(p.until_on, 'YYYY-MM-DD'), 'kind', p.kind,
           'closed_at', to_char(p.closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    FROM period p
   WHERE p.organisation_id = $1
     AND EXISTS (SELECT -- closings of earlier releases have no record
                   FROM log_record r
                  WHERE r.organisation_id = $1 AND r.kind = 'closing'
                    AND r.subject_id = to_char(p.until_on, 'YYYYMMDD')::bigint * 10 + CASE WHEN p.kind = 'year' THEN 2 ELSE 1 END)
), recorded AS (
  SELECT r.kind, r.subject_id, r.content
    FROM log_record r
   WHERE r.organisation_id = $1
     AND r.kind IN ('plan', 'receipt', 'receipt_void', 'report', 'correction', 'decision', 'decision_report', 'closing')
)
SELECT coalesce(r.kind, s.kind) AS kind, coalesce(r.subject_id, s.subject_id) AS subject_id, r.content AS recorded, s.content AS stands
  FROM recorded r
  FULL JOIN stands s ON s.kind = r.kind AND s.subject_id = r.subject_id
 ORDER BY kind, subject_id
