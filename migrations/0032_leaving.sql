-- What waits to be sealed leaves the queue by being sealed, whoever takes it out. And a period ends on a day: the one after infinity is none to book on.

-- +goose Up

-- +goose StatementBegin
CREATE FUNCTION unsealed_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
      SELECT FROM gone g
       WHERE NOT EXISTS (SELECT FROM seal s WHERE s.organisation_id = g.organisation_id AND s.record_id = g.record_id)) THEN
    PERFORM refuse('transaction_is_recorded', 'what waits to be sealed leaves the queue by being sealed');
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER unsealed_guard AFTER DELETE ON unsealed
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION unsealed_guard();
ALTER TABLE unsealed ENABLE ALWAYS TRIGGER unsealed_guard;

-- The day after infinity is no day to book on.
ALTER TABLE period ADD CONSTRAINT period_until_is_a_day CHECK (isfinite(until_on));
