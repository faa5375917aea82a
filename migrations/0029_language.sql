-- The language a gift was given in: letters to its giver are written in it. The paper of a receipt is Japanese in any case.

-- +goose Up

ALTER TABLE donation ADD COLUMN language text NOT NULL DEFAULT 'ja'
  CONSTRAINT donation_language_known CHECK (language IN ('ja', 'en'));
SELECT fix('donation', 'language');
