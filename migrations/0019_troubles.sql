-- Two more things the practice Stripe can be made to do: webhooks that find our database down, and payers who object only after weeks.

-- +goose Up

ALTER TABLE practice.switch DROP CONSTRAINT switch_known;
ALTER TABLE practice.switch ADD CONSTRAINT switch_known CHECK (name IN ('duplicate', 'reverse', 'lose', 'delay', 'error', 'busy', 'silence', 'version', 'thin',
  'bounce', 'down', 'late'));
