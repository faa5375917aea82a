-- Erasing: what somebody asked to have erased, what the law keeps until when, files on their way out of the store, and
-- reports whose bytes were withdrawn because a consent was.

-- +goose Up

-- One row for each giver whose personal columns are to be, or were, erased. Nothing personal stands here.
CREATE TABLE erasure (
  organisation_id bigint NOT NULL,
  donor_id        bigint NOT NULL,
  asked_at        timestamptz, -- by the giver himself, through his private link
  erased_at       timestamptz,
  erased_by       bigint,
  kept_until      date,        -- his name and address on receipts that have to be kept until then
  finished_at     timestamptz, -- nothing is left
  CONSTRAINT erasure_pkey PRIMARY KEY (organisation_id, donor_id),
  CONSTRAINT erasure_donor_fkey FOREIGN KEY (organisation_id, donor_id) REFERENCES donor (organisation_id, id),
  CONSTRAINT erasure_actor_fkey FOREIGN KEY (organisation_id, erased_by) REFERENCES actor (organisation_id, id),
  CONSTRAINT erasure_by_somebody CHECK ((erased_at IS NULL) = (erased_by IS NULL)),
  CONSTRAINT erasure_asked_or_done CHECK (asked_at IS NOT NULL OR erased_at IS NOT NULL),
  CONSTRAINT erasure_finished_after CHECK (finished_at IS NULL OR erased_at IS NOT NULL)
);
CREATE INDEX erasure_open ON erasure (organisation_id) WHERE finished_at IS NULL;

-- A file that no row needs any more. Its bytes go after the commit that said so, as often as it takes.
CREATE TABLE dropped_file (
  organisation_id bigint NOT NULL,
  kind            text NOT NULL,  -- of the store: receipt, evidence, report, photo
  file_hash       bytea NOT NULL,
  dropped_at      timestamptz NOT NULL,
  gone_at         timestamptz,
  CONSTRAINT dropped_file_pkey PRIMARY KEY (organisation_id, kind, file_hash),
  CONSTRAINT dropped_file_organisation_fkey FOREIGN KEY (organisation_id) REFERENCES organisation (id),
  CONSTRAINT dropped_file_hash_length CHECK (length(file_hash) = 32),
  CONSTRAINT dropped_file_kind_known CHECK (kind IN ('receipt', 'evidence', 'report', 'photo'))
);
CREATE INDEX dropped_file_waiting ON dropped_file (organisation_id) WHERE gone_at IS NULL;

ALTER TABLE receipt_file ADD COLUMN erased_at timestamptz; -- the paper is gone; its hash stays

SELECT keep('erasure', 'dropped_file');

-- A withdrawn report loses what the group wrote and the document, once, with a reason; its hashes and figures stay.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION publication_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (NEW.organisation_id, NEW.report_id, NEW.number, NEW.version, NEW.figures, NEW.file_hash, NEW.one_page_hash, NEW.entries_hash, NEW.published_at, NEW.published_by)
     IS DISTINCT FROM
     (OLD.organisation_id, OLD.report_id, OLD.number, OLD.version, OLD.figures, OLD.file_hash, OLD.one_page_hash, OLD.entries_hash, OLD.published_at, OLD.published_by)
     OR (OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_why) IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_why))
     OR ((NEW.content, NEW.document) IS DISTINCT FROM (OLD.content, OLD.document)
         AND NOT (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND NEW.withdrawn_why <> '' AND NEW.content = '{}' AND NEW.document = '{}')) THEN
    RAISE EXCEPTION 'a published report is refused a change' USING ERRCODE = 'TM001', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION report_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE withdrawn boolean;
BEGIN
  IF OLD.number IS DISTINCT FROM NEW.number AND OLD.number IS NOT NULL THEN
    RAISE EXCEPTION 'the public name of a report stays' USING ERRCODE = 'TM001', TABLE = TG_TABLE_NAME;
  END IF;
  SELECT p.withdrawn_at IS NOT NULL INTO withdrawn
    FROM report_publication p
   WHERE p.organisation_id = OLD.organisation_id AND p.report_id = OLD.id;
  IF FOUND AND NOT (withdrawn AND NEW.content = '{}' AND NEW.number IS NOT DISTINCT FROM OLD.number) THEN
    RAISE EXCEPTION 'a published report is refused a change' USING ERRCODE = 'TM001', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
