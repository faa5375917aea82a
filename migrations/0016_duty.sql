-- 報告の約束: each report that is promised, with its day and when it came out; what is left then is carried over with the next day. Which report of a
-- campaign a report is, how far it reached, and the reason why a group with a late report asks for money again.

-- +goose Up

-- One row for each promised report. Announcing promises the first; a report with money left promises the next.
CREATE TABLE duty (
  organisation_id bigint NOT NULL,
  campaign_id     bigint NOT NULL,
  number          smallint NOT NULL,
  due_on          date NOT NULL,
  met_at          timestamptz, -- when the report came out
  left_over       bigint,      -- yen in the fund then; below zero others had advanced them
  CONSTRAINT duty_pkey PRIMARY KEY (organisation_id, campaign_id, number),
  CONSTRAINT duty_campaign_fkey FOREIGN KEY (organisation_id, campaign_id) REFERENCES campaign (organisation_id, id),
  CONSTRAINT duty_number_positive CHECK (number >= 1),
  CONSTRAINT duty_left_known CHECK ((met_at IS NULL) = (left_over IS NULL))
);
CREATE UNIQUE INDEX duty_one_open ON duty (organisation_id, campaign_id) WHERE met_at IS NULL;
CREATE INDEX duty_due ON duty (organisation_id, due_on) WHERE met_at IS NULL;
SELECT keep('duty');
SELECT fix('duty', 'due_on');

-- The report that met the promise of a campaign announced before: the first one after its last day, else its last one.
INSERT INTO duty (organisation_id, campaign_id, number, due_on, met_at, left_over)
SELECT c.organisation_id, c.id, 1, p.report_due_on, m.published_at, m.left_over
  FROM campaign c
  JOIN plan p ON p.organisation_id = c.organisation_id AND p.campaign_id = c.id AND p.version = c.version
  JOIN fund f ON f.organisation_id = c.organisation_id AND f.id = c.fund_id
  LEFT JOIN LATERAL (
       SELECT q.published_at, coalesce((q.figures -> 'progress' ->> 'Left')::bigint, 0) AS left_over
         FROM report r
         JOIN report_publication q ON q.organisation_id = r.organisation_id AND q.report_id = r.id
        WHERE r.organisation_id = c.organisation_id AND r.campaign_id = c.id AND c.status = 'reported'
        ORDER BY (q.published_at AT TIME ZONE 'Asia/Tokyo')::date > f.collects_until DESC NULLS LAST,
                 CASE WHEN (q.published_at AT TIME ZONE 'Asia/Tokyo')::date > f.collects_until THEN q.published_at END, q.published_at DESC
        LIMIT 1) AS m ON true
 WHERE c.status <> 'draft' AND p.report_due_on IS NOT NULL;

-- What its latest version says of the rest is the next promise.
INSERT INTO duty (organisation_id, campaign_id, number, due_on)
SELECT d.organisation_id, d.campaign_id, 2, (m.content ->> 'rest_by')::date
  FROM duty d
  JOIN LATERAL (
       SELECT q.content, (q.figures -> 'progress' ->> 'Left')::bigint AS left_over
         FROM report r
         JOIN report_publication q ON q.organisation_id = r.organisation_id AND q.report_id = r.id
        WHERE r.organisation_id = d.organisation_id AND r.campaign_id = d.campaign_id
        ORDER BY q.version DESC
        LIMIT 1) AS m ON m.left_over > 0 AND m.content ->> 'rest_by' <> ''
 WHERE d.met_at IS NOT NULL;

-- No call for gifts without the promise of a report: the database writes it down when a draft is announced.
-- +goose StatementBegin
CREATE FUNCTION duty_begins() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO duty (organisation_id, campaign_id, number, due_on)
  SELECT p.organisation_id, p.campaign_id, 1, p.report_due_on
    FROM plan p
   WHERE p.organisation_id = NEW.organisation_id AND p.campaign_id = NEW.id AND p.version = NEW.version AND p.report_due_on IS NOT NULL
      ON CONFLICT ON CONSTRAINT duty_pkey DO NOTHING;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER campaign_promises_report AFTER UPDATE OF status ON campaign
  FOR EACH ROW WHEN (OLD.status = 'draft' AND NEW.status <> 'draft') EXECUTE FUNCTION duty_begins();
ALTER TABLE campaign ENABLE ALWAYS TRIGGER campaign_promises_report;

-- Why a group asks for money although it owes a report on another initiative: the representative's words, shown with the call.
CREATE TABLE announced_despite (
  organisation_id bigint NOT NULL,
  campaign_id     bigint NOT NULL,
  reason          text NOT NULL,
  said_by         bigint NOT NULL,
  said_at         timestamptz NOT NULL,
  CONSTRAINT announced_despite_pkey PRIMARY KEY (organisation_id, campaign_id),
  CONSTRAINT announced_despite_campaign_fkey FOREIGN KEY (organisation_id, campaign_id) REFERENCES campaign (organisation_id, id),
  CONSTRAINT announced_despite_actor_fkey FOREIGN KEY (organisation_id, said_by) REFERENCES actor (organisation_id, id),
  CONSTRAINT announced_despite_reason_given CHECK (reason <> '' AND length(reason) <= 1000)
);
SELECT freeze('announced_despite');

-- Which report of its campaign: 1, and one more after each carry-over. A correction has that of the report it corrects.
ALTER TABLE report ADD COLUMN turn smallint NOT NULL DEFAULT 1;
ALTER TABLE report ADD CONSTRAINT report_turn_positive CHECK (turn >= 1);
CREATE UNIQUE INDEX report_turn ON report (organisation_id, campaign_id, turn) WHERE corrects IS NULL;
CREATE TRIGGER report_turn_fixed BEFORE UPDATE OF turn ON report FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE report ENABLE ALWAYS TRIGGER report_turn_fixed;

-- How far a report reached on paper, as the group counted it.
CREATE TABLE report_reach (
  organisation_id bigint NOT NULL,
  report_id       bigint NOT NULL,
  printed         integer NOT NULL, -- copies
  circulated      integer NOT NULL, -- 回覧: households
  noted_by        bigint NOT NULL,
  noted_at        timestamptz NOT NULL,
  CONSTRAINT report_reach_pkey PRIMARY KEY (organisation_id, report_id),
  CONSTRAINT report_reach_report_fkey FOREIGN KEY (organisation_id, report_id) REFERENCES report (organisation_id, id),
  CONSTRAINT report_reach_actor_fkey FOREIGN KEY (organisation_id, noted_by) REFERENCES actor (organisation_id, id),
  CONSTRAINT report_reach_counted CHECK (printed BETWEEN 0 AND 9999999 AND circulated BETWEEN 0 AND 9999999)
);

-- How often its page was opened on a day. Nothing of who did.
CREATE TABLE report_reading (
  organisation_id bigint NOT NULL,
  report_id       bigint NOT NULL,
  read_on         date NOT NULL,
  times           integer NOT NULL,
  CONSTRAINT report_reading_pkey PRIMARY KEY (organisation_id, report_id, read_on),
  CONSTRAINT report_reading_report_fkey FOREIGN KEY (organisation_id, report_id) REFERENCES report (organisation_id, id),
  CONSTRAINT report_reading_counted CHECK (times >= 1)
);
SELECT keep('report_reach', 'report_reading');
