-- The practice program's outside world: one clock that can be moved, and a Stripe that moves no money. Production never
-- writes here; the schema stands apart so that it can be emptied or dropped without touching the book.

-- +goose Up

CREATE SCHEMA practice;
GRANT USAGE ON SCHEMA practice TO tsukaimichi_app;

-- How far the one clock of the practice program is ahead of the machine's. It only goes forward.
CREATE TABLE practice.clock (
  one           boolean NOT NULL DEFAULT true,
  ahead_seconds bigint NOT NULL DEFAULT 0,
  CONSTRAINT clock_pkey PRIMARY KEY (one),
  CONSTRAINT clock_one CHECK (one),
  CONSTRAINT clock_not_behind CHECK (ahead_seconds >= 0)
);
INSERT INTO practice.clock DEFAULT VALUES;

-- One account per organisation; its row is the lock under which everything of the account is written.
CREATE TABLE practice.stripe_account (
  organisation_id bigint NOT NULL,
  created_at      timestamptz NOT NULL,
  payout_due_at   timestamptz NOT NULL, -- what is available then goes to the bank
  CONSTRAINT stripe_account_pkey PRIMARY KEY (organisation_id)
);
CREATE INDEX stripe_account_payout_due ON practice.stripe_account (payout_due_at);

-- Every object of the service as the JSON document it answers with. due_at is the instant at which time itself changes
-- the object: a payment page closes, a voucher runs out, money becomes available.
CREATE TABLE practice.stripe_object (
  organisation_id bigint NOT NULL,
  id              text NOT NULL,
  position        bigint GENERATED ALWAYS AS IDENTITY,
  kind            text NOT NULL,
  body            jsonb NOT NULL,
  secret          text NOT NULL DEFAULT '', -- what a webhook endpoint signs with; answered once, when it is made
  created_at      timestamptz NOT NULL,
  due_at          timestamptz,
  CONSTRAINT stripe_object_pkey PRIMARY KEY (organisation_id, id),
  CONSTRAINT stripe_object_id_key UNIQUE (id), -- the payer's page knows the object, not the organisation
  CONSTRAINT stripe_object_account_fkey FOREIGN KEY (organisation_id) REFERENCES practice.stripe_account (organisation_id),
  CONSTRAINT stripe_object_kind_known CHECK (kind IN ('checkout.session', 'payment_intent', 'charge', 'refund',
    'balance_transaction', 'payout', 'event', 'webhook_endpoint'))
);
CREATE INDEX stripe_object_listed ON practice.stripe_object (organisation_id, kind, position);
CREATE INDEX stripe_object_due ON practice.stripe_object (due_at) WHERE due_at IS NOT NULL;

-- An event on its way to a webhook endpoint; due_at is NULL once it was delivered or given up.
CREATE TABLE practice.stripe_delivery (
  organisation_id bigint NOT NULL,
  event_id        text NOT NULL,
  endpoint_id     text NOT NULL,
  position        bigint GENERATED ALWAYS AS IDENTITY,
  status          text NOT NULL DEFAULT 'waiting',
  attempts        smallint NOT NULL DEFAULT 0,
  answered        smallint, -- HTTP status of the last attempt, NULL when there was no answer
  due_at          timestamptz,
  CONSTRAINT stripe_delivery_pkey PRIMARY KEY (organisation_id, event_id, endpoint_id),
  CONSTRAINT stripe_delivery_event_fkey FOREIGN KEY (organisation_id, event_id)
    REFERENCES practice.stripe_object (organisation_id, id),
  CONSTRAINT stripe_delivery_endpoint_fkey FOREIGN KEY (organisation_id, endpoint_id)
    REFERENCES practice.stripe_object (organisation_id, id),
  CONSTRAINT stripe_delivery_status_known CHECK (status IN ('waiting', 'delivered', 'given_up')),
  CONSTRAINT stripe_delivery_due CHECK ((status = 'waiting') = (due_at IS NOT NULL))
);
CREATE INDEX stripe_delivery_waiting ON practice.stripe_delivery (due_at, position) WHERE due_at IS NOT NULL;

-- What was answered to a request with an idempotency key, so that the same request gets the same answer.
CREATE TABLE practice.stripe_request (
  organisation_id bigint NOT NULL,
  key             text NOT NULL,
  fingerprint     text NOT NULL,
  status          smallint NOT NULL,
  answer          text NOT NULL,
  created_at      timestamptz NOT NULL,
  CONSTRAINT stripe_request_pkey PRIMARY KEY (organisation_id, key),
  CONSTRAINT stripe_request_account_fkey FOREIGN KEY (organisation_id) REFERENCES practice.stripe_account (organisation_id),
  CONSTRAINT stripe_request_key_short CHECK (length(key) BETWEEN 1 AND 255)
);
CREATE INDEX stripe_request_created ON practice.stripe_request (created_at);

GRANT SELECT, UPDATE ON practice.clock TO tsukaimichi_app;
GRANT SELECT, INSERT, UPDATE ON practice.stripe_account TO tsukaimichi_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON practice.stripe_object, practice.stripe_delivery TO tsukaimichi_app;
GRANT SELECT, INSERT, DELETE ON practice.stripe_request TO tsukaimichi_app;
