SELECT CASE $2
       WHEN 'receipt' THEN EXISTS (
         SELECT FROM receipt_file f WHERE f.organisation_id = $1 AND f.file_hash = $3 AND f.erased_at IS NULL)
       WHEN 'evidence' THEN EXISTS (
         SELECT FROM evidence v WHERE v.organisation_id = $1 AND v.file_hash = $3 AND v.erased_at IS NULL)
       WHEN 'redacted' THEN EXISTS (
         SELECT FROM redaction r WHERE r.organisation_id = $1 AND r.file_hash = $3 AND r.status IN ('prepared', 'approved'))
       WHEN 'report' THEN EXISTS (
         SELECT FROM report_publication p
          WHERE p.organisation_id = $1
            AND (p.entries_hash = $3 OR (p.withdrawn_at IS NULL AND (p.file_hash = $3 OR p.one_page_hash = $3))))
       WHEN 'photo' THEN EXISTS (
         SELECT FROM report r
          WHERE r.organisation_id = $1 AND r.content -> 'photos' @> jsonb_build_array(jsonb_build_object('hash', encode($3, 'hex'))))
         OR EXISTS (
         SELECT FROM report_publication p
          WHERE p.organisation_id = $1 AND p.content -> 'photos' @> jsonb_build_array(jsonb_build_object('hash', encode($3, 'hex'))))
         OR EXISTS (
         SELECT FROM news n
           LEFT JOIN news_version v ON v.organisation_id = n.organisation_id AND v.news_id = n.id AND v.version = n.version
          WHERE n.organisation_id = $1
            AND (n.photos @> jsonb_build_array(jsonb_build_object('hash', encode($3, 'hex')))
                 OR v.photos @> jsonb_build_array(jsonb_build_object('hash', encode($3, 'hex')))))
       ELSE true END
