-- The sealed log: every record's number, the hashes that hold it, and what the sealer adds up on the way.

-- +goose Up

-- One row for each record, numbered without gaps for each organisation. It stands by itself: a foreign key to the
-- record would lock that row for every seal, and records refuse to be deleted.
CREATE TABLE seal (
  organisation_id bigint NOT NULL,
  sequence        bigint NOT NULL,
  record_id       bigint NOT NULL,
  private         bytea NOT NULL, -- digest of the salted private part
  hash            bytea NOT NULL, -- of the public part and that digest: what the log publishes
  chain           bytea NOT NULL, -- of the chain before and the hash
  CONSTRAINT seal_pkey PRIMARY KEY (organisation_id, sequence),
  CONSTRAINT seal_record_key UNIQUE (organisation_id, record_id),
  CONSTRAINT seal_sequence_positive CHECK (sequence >= 1),
  CONSTRAINT seal_lengths CHECK (length(private) = 32 AND length(hash) = 32 AND length(chain) = 32)
);

-- What opens a private part: the salt, and which papers were in it. Deleting the row leaves a digest that nobody can
-- try names against; the log stays whole, and an erasure is recorded in it.
CREATE TABLE salt (
  organisation_id bigint NOT NULL,
  record_id       bigint NOT NULL,
  salt            bytea NOT NULL,
  evidence        bigint[],
  CONSTRAINT salt_pkey PRIMARY KEY (organisation_id, record_id),
  CONSTRAINT salt_length CHECK (length(salt) = 16)
);

-- That a private part was closed is itself recorded.
ALTER TABLE log_record
  DROP CONSTRAINT log_record_kind_known,
  ADD CONSTRAINT log_record_kind_known
    CHECK (kind IN ('transaction', 'plan', 'receipt', 'receipt_void', 'report', 'correction', 'erasure'));

-- Sealed entries by month. What is not sealed yet is not in it. 0 and '' stand for none. It can be made anew from the
-- entries, and verify compares the two.
CREATE TABLE rollup (
  organisation_id bigint NOT NULL,
  fund_id         bigint NOT NULL,
  account         integer NOT NULL,
  use_id          bigint NOT NULL,
  initiative_id   bigint NOT NULL,
  segment         text NOT NULL,
  month           date NOT NULL, -- its first day
  amount          bigint NOT NULL,
  entries         bigint NOT NULL,
  CONSTRAINT rollup_pkey PRIMARY KEY (organisation_id, fund_id, account, use_id, initiative_id, segment, month),
  CONSTRAINT rollup_month_begins CHECK (extract(day FROM month) = 1),
  CONSTRAINT rollup_entries_positive CHECK (entries >= 1)
) WITH (fillfactor = 60);

-- What was signed and taken away from this machine. tree holds the few hashes from which the next root grows.
CREATE TABLE checkpoint (
  organisation_id bigint NOT NULL,
  size            bigint NOT NULL,
  root            bytea NOT NULL,
  tree            bytea NOT NULL,
  note            text NOT NULL,
  signed_at       timestamptz NOT NULL,
  CONSTRAINT checkpoint_pkey PRIMARY KEY (organisation_id, size),
  CONSTRAINT checkpoint_size_positive CHECK (size >= 1),
  CONSTRAINT checkpoint_root_length CHECK (length(root) = 32)
);

-- The queue is emptied as fast as it is filled, so it must be swept sooner than by its size.
ALTER TABLE unsealed SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- A balance sums few days of an account by fund, and finds all it needs in the index.
DROP INDEX entry_by_account;
CREATE INDEX entry_by_account ON entry (organisation_id, account, booked_on) INCLUDE (amount, fund_id);

SELECT freeze('seal', 'checkpoint');
SELECT keep('rollup');
GRANT SELECT, INSERT, DELETE ON salt TO tsukaimichi_app;
