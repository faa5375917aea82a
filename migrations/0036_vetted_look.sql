-- An operator who looks at who a group is needs no grant for it, and is written down all the same.

-- +goose Up

ALTER TABLE access
  DROP CONSTRAINT access_operator_has_grant,
  DROP CONSTRAINT access_what_known;
ALTER TABLE access
  ADD CONSTRAINT access_operator_has_grant CHECK ((who = 'operator') = (grant_id IS NOT NULL OR what = 'vetting')),
  ADD CONSTRAINT access_what_known CHECK (what IN ('gifts', 'gift', 'receipt', 'evidence', 'export', 'members', 'page', 'change', 'vetting'));
