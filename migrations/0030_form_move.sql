-- A draft goes on to a newer version of its form: what was kept says under which version it was written, and what was handed in never moves.

-- +goose Up

ALTER TABLE application_version ADD COLUMN form_version text; -- NULL: kept by the program before; the draft had not moved then
UPDATE application_version v
   SET form_version = d.form_version
  FROM application d
 WHERE d.organisation_id = v.organisation_id AND d.id = v.application_id;

CREATE TRIGGER application_form_stays BEFORE UPDATE OF form_version ON application FOR EACH ROW
  WHEN (OLD.form_version <> NEW.form_version AND OLD.status NOT IN ('draft', 'review', 'approved'))
  EXECUTE FUNCTION refuse_change();
CREATE TRIGGER application_form_fixed BEFORE UPDATE OF form_key ON application FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE application ENABLE ALWAYS TRIGGER application_form_stays;
ALTER TABLE application ENABLE ALWAYS TRIGGER application_form_fixed;

GRANT UPDATE (form_version) ON application TO tsukaimichi_app;
