-- A funder's own form beside an application: the file as it was uploaded, and where each answer goes.

-- +goose Up

CREATE TABLE application_form (
  organisation_id bigint NOT NULL,
  application_id  bigint NOT NULL,
  kind            text NOT NULL,
  name            text NOT NULL,           -- of the file
  hash            bytea NOT NULL,
  mapping         jsonb NOT NULL DEFAULT '{}', -- field → cell, or field → placeholder
  at              timestamptz NOT NULL,
  uploaded_by     bigint NOT NULL,
  CONSTRAINT application_form_pkey PRIMARY KEY (organisation_id, application_id),
  CONSTRAINT application_form_application_fkey FOREIGN KEY (organisation_id, application_id) REFERENCES application (organisation_id, id),
  CONSTRAINT application_form_actor_fkey FOREIGN KEY (organisation_id, uploaded_by) REFERENCES actor (organisation_id, id),
  CONSTRAINT application_form_kind CHECK (kind IN ('xlsx', 'docx')),
  CONSTRAINT application_form_hash CHECK (length(hash) = 32),
  CONSTRAINT application_form_size CHECK (length(mapping::text) <= 100000)
);

GRANT SELECT, INSERT, UPDATE ON application_form TO tsukaimichi_app;
