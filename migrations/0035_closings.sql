-- That days were closed is recorded in the log, too, so that a closing cannot be taken back unseen.

-- +goose Up

ALTER TABLE log_record DROP CONSTRAINT log_record_kind_known;
ALTER TABLE log_record ADD CONSTRAINT log_record_kind_known
  CHECK (kind IN ('transaction', 'plan', 'receipt', 'receipt_void', 'report', 'correction', 'erasure', 'decision', 'decision_report', 'closing'));
