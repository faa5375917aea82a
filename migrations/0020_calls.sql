-- 募金のかたち: standing calls with a plan for each fiscal year, calls that began on paper, goals in people and meals, calls for hands and things
-- alone, ways to give that need no payment service, and what the group decided about gifts nobody asked for.

-- +goose Up

-- 常設: no end; each version of its plan is for one fiscal year.
ALTER TABLE plan ADD COLUMN standing boolean NOT NULL DEFAULT false;
ALTER TABLE plan ADD COLUMN year_from date; -- first day of the fiscal year; unknown in a draft
ALTER TABLE plan ADD CONSTRAINT plan_standing_has_no_end CHECK (NOT standing OR collects_until IS NULL);
ALTER TABLE plan ADD CONSTRAINT plan_standing_has_year CHECK (version = 0 OR standing = (year_from IS NOT NULL));
ALTER TABLE plan ADD CONSTRAINT plan_year_begins CHECK (extract(day FROM year_from) = 1);

-- A year's plan is a change that is in force from the first day of its year, or from its publication where that is later.
ALTER TABLE plan_change DROP CONSTRAINT plan_change_kind_known;
ALTER TABLE plan_change ADD CONSTRAINT plan_change_kind_known CHECK (kind IN ('version', 'stop', 'year'));
ALTER TABLE plan_change DROP CONSTRAINT plan_change_forward;
ALTER TABLE plan_change ADD CONSTRAINT plan_change_forward
  CHECK ((kind IN ('version', 'year') AND version > from_version) OR (kind = 'stop' AND version = from_version));

-- Of a standing call a report is promised for each year, so that two may be owed at the turn of the year.
ALTER TABLE duty ADD COLUMN year_from date;
DROP INDEX duty_one_open;
CREATE UNIQUE INDEX duty_one_open ON duty (organisation_id, campaign_id) WHERE met_at IS NULL AND year_from IS NULL;
CREATE UNIQUE INDEX duty_one_a_year ON duty (organisation_id, campaign_id, year_from) WHERE year_from IS NOT NULL;
CREATE TRIGGER duty_year_fixed BEFORE UPDATE OF year_from ON duty FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE duty ENABLE ALWAYS TRIGGER duty_year_fixed;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION duty_begins() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO duty (organisation_id, campaign_id, number, due_on, year_from)
  SELECT p.organisation_id, p.campaign_id, 1, p.report_due_on, p.year_from
    FROM plan p
   WHERE p.organisation_id = NEW.organisation_id AND p.campaign_id = NEW.id AND p.version = NEW.version AND p.report_due_on IS NOT NULL
      ON CONFLICT ON CONSTRAINT duty_pkey DO NOTHING;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- 紙で公表: a call that was handed out on paper before it is here. Its first version is the one of the paper; the scan shows it.
CREATE TABLE paper_call (
  organisation_id bigint NOT NULL,
  campaign_id     bigint NOT NULL,
  handed_out_on   date NOT NULL,
  way             text NOT NULL,
  scan_hash       bytea,         -- of the cleaned bytes; NULL while it is being typed
  scan_type       text NOT NULL DEFAULT '',
  typed_by        bigint NOT NULL,
  typed_at        timestamptz NOT NULL,
  CONSTRAINT paper_call_pkey PRIMARY KEY (organisation_id, campaign_id),
  CONSTRAINT paper_call_campaign_fkey FOREIGN KEY (organisation_id, campaign_id) REFERENCES campaign (organisation_id, id),
  CONSTRAINT paper_call_actor_fkey FOREIGN KEY (organisation_id, typed_by) REFERENCES actor (organisation_id, id),
  CONSTRAINT paper_call_way_known CHECK (way IN ('circular', 'leaflet', 'board', 'meeting', 'other')),
  CONSTRAINT paper_call_scan CHECK ((scan_hash IS NULL) = (scan_type = '') AND length(scan_hash) = 32),
  CONSTRAINT paper_call_scan_type_known CHECK (scan_type IN ('', 'image/jpeg', 'application/pdf'))
);
-- +goose StatementBegin
CREATE FUNCTION paper_call_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM campaign c
              WHERE c.organisation_id = OLD.organisation_id AND c.id = OLD.campaign_id AND c.status <> 'draft') THEN
    RAISE EXCEPTION 'an announced paper call is refused a change' USING ERRCODE = 'TM001', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
-- +goose StatementEnd
CREATE TRIGGER paper_call_stands BEFORE UPDATE OR DELETE ON paper_call FOR EACH ROW EXECUTE FUNCTION paper_call_guard();
ALTER TABLE paper_call ENABLE ALWAYS TRIGGER paper_call_stands;
GRANT SELECT, INSERT, UPDATE, DELETE ON paper_call TO tsukaimichi_app;

-- No collection without published stated uses, whoever writes the days, and none before the Tokyo day they were published: here, or on the paper
-- whose scan is kept.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION collecting_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.kind = 'campaign' AND NEW.collects_from IS NOT NULL AND NOT EXISTS (
      SELECT FROM campaign c
        JOIN plan p ON p.organisation_id = c.organisation_id AND p.campaign_id = c.id AND p.version = 1
        JOIN plan_use u ON u.organisation_id = p.organisation_id AND u.campaign_id = p.campaign_id AND u.version = p.version
        LEFT JOIN paper_call w ON w.organisation_id = c.organisation_id AND w.campaign_id = c.id AND w.scan_hash IS NOT NULL
       WHERE c.organisation_id = NEW.organisation_id AND c.fund_id = NEW.id AND c.status <> 'draft'
         AND (p.published_at < (NEW.collects_from + 1)::timestamp AT TIME ZONE INTERVAL '+09:00' OR w.handed_out_on <= NEW.collects_from)) THEN
    PERFORM refuse('fund_collects_for_stated_uses', 'a fund collects only for published stated uses');
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- A gift to a standing call is given in the year its plan is for; nothing is given online for a promise that stands on paper alone.
-- +goose StatementBegin
CREATE FUNCTION donation_promise_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE year date;
BEGIN
  SELECT p.year_from INTO year
    FROM plan p
   WHERE p.organisation_id = NEW.organisation_id AND p.campaign_id = NEW.campaign_id AND p.version = NEW.plan_version;
  IF year IS NOT NULL AND (NEW.given_on < year OR NEW.given_on >= year + interval '1 year') THEN
    PERFORM refuse('donation_in_its_year', 'the plan is for another year than that of the gift');
  END IF;
  IF NEW.plan_version = 1 AND NEW.channel IN ('card', 'konbini')
     AND EXISTS (SELECT FROM paper_call w WHERE w.organisation_id = NEW.organisation_id AND w.campaign_id = NEW.campaign_id) THEN
    PERFORM refuse('donation_paper_by_hand', 'nothing is given online for a promise that stands on paper alone');
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER donation_promise BEFORE INSERT ON donation
  FOR EACH ROW WHEN (NEW.plan_version IS NOT NULL) EXECUTE FUNCTION donation_promise_guard();
ALTER TABLE donation ENABLE ALWAYS TRIGGER donation_promise;

-- What a plan wants to reach besides yen: people, meals, hours of help, things.
CREATE TABLE plan_goal (
  organisation_id bigint NOT NULL,
  campaign_id     bigint NOT NULL,
  version         smallint NOT NULL,
  position        smallint NOT NULL,
  kind            text NOT NULL,
  name            text NOT NULL, -- also tells it from the others
  target          bigint NOT NULL,
  unit            text NOT NULL,
  CONSTRAINT plan_goal_pkey PRIMARY KEY (organisation_id, campaign_id, version, position),
  CONSTRAINT plan_goal_name_key UNIQUE (organisation_id, campaign_id, version, name),
  CONSTRAINT plan_goal_plan_fkey FOREIGN KEY (organisation_id, campaign_id, version) REFERENCES plan (organisation_id, campaign_id, version),
  CONSTRAINT plan_goal_kind_known CHECK (kind IN ('people', 'meals', 'times', 'hours', 'things')),
  CONSTRAINT plan_goal_target CHECK (target BETWEEN 1 AND 9999999),
  CONSTRAINT plan_goal_named CHECK (name <> '' AND unit <> '')
);
CREATE TRIGGER plan_goal_published BEFORE INSERT OR UPDATE OR DELETE ON plan_goal FOR EACH ROW EXECUTE FUNCTION plan_guard();
CREATE TRIGGER plan_goal_kept BEFORE TRUNCATE ON plan_goal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE plan_goal ENABLE ALWAYS TRIGGER plan_goal_published;
ALTER TABLE plan_goal ENABLE ALWAYS TRIGGER plan_goal_kept;
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_goal TO tsukaimichi_app;

-- What was reached on a day, as the group counted it: never yen, and nobody's name. A mistake is taken back.
CREATE TABLE reached (
  organisation_id bigint NOT NULL,
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  campaign_id     bigint NOT NULL,
  kind            text NOT NULL,
  name            text NOT NULL, -- of the goal
  unit            text NOT NULL,
  reached_on      date NOT NULL,
  count           bigint NOT NULL,
  givers          integer NOT NULL DEFAULT 0, -- of hours and things: how many gave them
  note            text NOT NULL DEFAULT '',
  key             text NOT NULL,
  entered_by      bigint NOT NULL,
  entered_at      timestamptz NOT NULL,
  taken_back_at   timestamptz,
  CONSTRAINT reached_pkey PRIMARY KEY (organisation_id, id),
  CONSTRAINT reached_key UNIQUE (organisation_id, key),
  CONSTRAINT reached_campaign_fkey FOREIGN KEY (organisation_id, campaign_id) REFERENCES campaign (organisation_id, id),
  CONSTRAINT reached_actor_fkey FOREIGN KEY (organisation_id, entered_by) REFERENCES actor (organisation_id, id),
  CONSTRAINT reached_kind_known CHECK (kind IN ('people', 'meals', 'times', 'hours', 'things')),
  CONSTRAINT reached_count CHECK (count BETWEEN 1 AND 9999999 AND givers BETWEEN 0 AND 99999),
  CONSTRAINT reached_named CHECK (name <> '' AND unit <> '')
);
CREATE INDEX reached_campaign ON reached (organisation_id, campaign_id, reached_on);
SELECT keep('reached');
SELECT fix('reached', 'campaign_id', 'kind', 'name', 'unit', 'reached_on', 'count', 'givers', 'note', 'key', 'entered_by', 'entered_at');

-- Ways to give that need no payment service: of the organisation, or of one campaign. One that ended stays.
CREATE TABLE way (
  organisation_id bigint NOT NULL,
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  campaign_id     bigint, -- NULL: of all campaigns
  kind            text NOT NULL,
  place           text NOT NULL,            -- the account, or where
  hours           text NOT NULL DEFAULT '', -- when somebody is there
  note            text NOT NULL DEFAULT '',
  declared_by     bigint NOT NULL,
  declared_at     timestamptz NOT NULL,
  ended_at        timestamptz,
  CONSTRAINT way_pkey PRIMARY KEY (organisation_id, id),
  CONSTRAINT way_organisation_fkey FOREIGN KEY (organisation_id) REFERENCES organisation (id),
  CONSTRAINT way_campaign_fkey FOREIGN KEY (organisation_id, campaign_id) REFERENCES campaign (organisation_id, id),
  CONSTRAINT way_actor_fkey FOREIGN KEY (organisation_id, declared_by) REFERENCES actor (organisation_id, id),
  CONSTRAINT way_kind_known CHECK (kind IN ('bank', 'postal', 'cash', 'box', 'things')),
  CONSTRAINT way_place_given CHECK (place <> '')
);
CREATE INDEX way_campaign ON way (organisation_id, campaign_id) WHERE ended_at IS NULL;
SELECT keep('way');
SELECT fix('way', 'campaign_id', 'kind', 'place', 'hours', 'note', 'declared_by', 'declared_at');

-- 頼まれていない寄付: what its giver wished, for the group alone, and what the group decided to use such gifts for.
ALTER TABLE donation ADD COLUMN wish text NOT NULL DEFAULT '';

CREATE TABLE gift_decision (
  organisation_id bigint NOT NULL,
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  decided_on      date NOT NULL,
  decided_by      text NOT NULL,   -- 役員会, 総会: who decided, as the public reads it
  purpose         text NOT NULL,   -- what it is for
  amount          bigint NOT NULL,
  use_id          bigint,          -- of the general fund: what is spent on it carries it
  due_on          date,            -- until when it is used and reported
  campaign_id     bigint,          -- the campaign it went to instead
  key             text NOT NULL,
  entered_by      bigint NOT NULL,
  entered_at      timestamptz NOT NULL,
  CONSTRAINT gift_decision_pkey PRIMARY KEY (organisation_id, id),
  CONSTRAINT gift_decision_key UNIQUE (organisation_id, key),
  CONSTRAINT gift_decision_organisation_fkey FOREIGN KEY (organisation_id) REFERENCES organisation (id),
  CONSTRAINT gift_decision_use_fkey FOREIGN KEY (organisation_id, use_id) REFERENCES use (organisation_id, id),
  CONSTRAINT gift_decision_campaign_fkey FOREIGN KEY (organisation_id, campaign_id) REFERENCES campaign (organisation_id, id),
  CONSTRAINT gift_decision_actor_fkey FOREIGN KEY (organisation_id, entered_by) REFERENCES actor (organisation_id, id),
  CONSTRAINT gift_decision_one_of_two CHECK ((use_id IS NULL) <> (campaign_id IS NULL) AND (use_id IS NULL) = (due_on IS NULL)),
  CONSTRAINT gift_decision_said CHECK (decided_by <> '' AND purpose <> '' AND amount BETWEEN 1 AND 999999999)
);
SELECT freeze('gift_decision');

-- What became of it: the figures are the book's at that record.
CREATE TABLE gift_decision_report (
  organisation_id bigint NOT NULL,
  decision_id     bigint NOT NULL,
  did             text NOT NULL,
  rest            text NOT NULL DEFAULT '', -- what becomes of what is left
  spent           bigint NOT NULL,
  records         bigint NOT NULL, -- how long the log was
  published_by    bigint NOT NULL,
  published_at    timestamptz NOT NULL,
  CONSTRAINT gift_decision_report_pkey PRIMARY KEY (organisation_id, decision_id),
  CONSTRAINT gift_decision_report_decision_fkey FOREIGN KEY (organisation_id, decision_id) REFERENCES gift_decision (organisation_id, id),
  CONSTRAINT gift_decision_report_actor_fkey FOREIGN KEY (organisation_id, published_by) REFERENCES actor (organisation_id, id),
  CONSTRAINT gift_decision_report_said CHECK (did <> '')
);
SELECT freeze('gift_decision_report');

ALTER TABLE log_record DROP CONSTRAINT log_record_kind_known;
ALTER TABLE log_record ADD CONSTRAINT log_record_kind_known
  CHECK (kind IN ('transaction', 'plan', 'receipt', 'receipt_void', 'report', 'correction', 'erasure', 'decision', 'decision_report'));

-- Goods with their month, for figures of one year.
CREATE OR REPLACE VIEW goods AS
SELECT g.organisation_id, g.fund_id, e.account, coalesce(e.use_id, 0) AS use_id, e.amount,
       e.booked_on - (extract(day FROM e.booked_on)::int - 1) AS month
  FROM (SELECT DISTINCT i.organisation_id, i.fund_id, i.transaction_id
          FROM entry i
         WHERE i.account BETWEEN 4220 AND 4240) AS g
 CROSS JOIN LATERAL (
   SELECT x.account, x.use_id, x.amount, x.booked_on
     FROM entry x
    WHERE x.organisation_id = g.organisation_id AND x.transaction_id = g.transaction_id AND x.fund_id = g.fund_id
   OFFSET 0) AS e
 WHERE (SELECT t.kind = 'in_kind' OR coalesce( -- asked of one transaction at a time, by its key
                 (SELECT o.kind = 'in_kind' FROM transaction o WHERE o.organisation_id = t.organisation_id AND o.id = t.reverses), false)
          FROM transaction t
         WHERE t.organisation_id = g.organisation_id AND t.id = g.transaction_id);
