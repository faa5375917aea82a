-- What stands between the campaigns and an organisation's own Stripe account: what a person has to look at, tries that are
-- repeated, and why card and konbini are switched off. And what the practice Stripe can be made to do wrong.

-- +goose Up

ALTER TABLE stripe_account
  ADD COLUMN connected_at timestamptz,           -- what the account did before is not booked here
  ADD COLUMN base_balance bigint NOT NULL DEFAULT 0, -- by how much the book was ahead of the account then: yen entered by hand, other uses
  ADD COLUMN base_transit bigint NOT NULL DEFAULT 0,
  ADD COLUMN paused_at  timestamptz,             -- card and konbini were switched off then
  ADD COLUMN paused_why text NOT NULL DEFAULT '',
  ADD COLUMN resumed_at timestamptz,             -- refusals before it count no more
  ADD CONSTRAINT stripe_account_paused_why CHECK (paused_why IN ('', 'staff', 'refusals'));

-- An event that fails waits ever longer and, in the end, is put aside: it never holds up the others.
ALTER TABLE stripe_event
  ADD COLUMN attempts smallint NOT NULL DEFAULT 0,
  ADD COLUMN next_at  timestamptz NOT NULL DEFAULT '-infinity';
CREATE INDEX stripe_event_refusals ON stripe_event (organisation_id, type, received_at) WHERE type = 'charge.failed';

-- What the program cannot settle by itself and puts aside for a person, and each daily check that did not come out. ref is the payment service's
-- name of the line, or the name of the check. Nothing personal.
CREATE TABLE payment_problem (
  organisation_id bigint NOT NULL,
  kind            text NOT NULL,
  ref             text NOT NULL,
  donation_id     bigint,
  amount          bigint NOT NULL DEFAULT 0, -- yen concerned; of a check, by how much it is out
  detail          text NOT NULL DEFAULT '',  -- for whoever looks into it: a code, never a message of somebody else's
  first_at        timestamptz NOT NULL,
  last_at         timestamptz NOT NULL,
  due_at          timestamptz,               -- what has to be done by then
  solved_at       timestamptz,
  seen            boolean NOT NULL DEFAULT false, -- a person has looked after it: it comes back only when it changes
  CONSTRAINT payment_problem_pkey PRIMARY KEY (organisation_id, kind, ref),
  CONSTRAINT payment_problem_organisation_fkey FOREIGN KEY (organisation_id) REFERENCES organisation (id),
  CONSTRAINT payment_problem_donation_fkey FOREIGN KEY (organisation_id, donation_id) REFERENCES donation (organisation_id, id),
  CONSTRAINT payment_problem_kind_known CHECK (kind IN ('currency', 'line', 'unclear', 'amount', 'unknown', 'event', 'dispute', 'refund', 'refusals', 'check')),
  CONSTRAINT payment_problem_ref_given CHECK (ref <> '')
);
CREATE INDEX payment_problem_open ON payment_problem (organisation_id, first_at) WHERE solved_at IS NULL;

-- How often the payment service was asked for a refund under a key of its own: a key that was answered with an error keeps it.
CREATE TABLE refund_call (
  organisation_id bigint NOT NULL,
  refund_id       bigint NOT NULL,
  call            smallint NOT NULL DEFAULT 1,
  CONSTRAINT refund_call_pkey PRIMARY KEY (organisation_id, refund_id),
  CONSTRAINT refund_call_refund_fkey FOREIGN KEY (organisation_id, refund_id) REFERENCES refund (organisation_id, id),
  CONSTRAINT refund_call_positive CHECK (call >= 1)
);

SELECT keep('payment_problem', 'refund_call');

ALTER TABLE practice.stripe_object DROP CONSTRAINT stripe_object_kind_known;
ALTER TABLE practice.stripe_object ADD CONSTRAINT stripe_object_kind_known CHECK (kind IN ('checkout.session', 'payment_intent', 'charge',
  'refund', 'dispute', 'balance_transaction', 'payout', 'event', 'webhook_endpoint'));

-- What the practice Stripe is to do wrong, and how often: percent, of a delay minutes. What is not here is off.
CREATE TABLE practice.switch (
  name  text NOT NULL,
  value smallint NOT NULL,
  CONSTRAINT switch_pkey PRIMARY KEY (name),
  CONSTRAINT switch_known CHECK (name IN ('duplicate', 'reverse', 'lose', 'delay', 'error', 'busy', 'silence', 'version', 'thin', 'bounce')),
  CONSTRAINT switch_range CHECK (value BETWEEN 1 AND 100)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON practice.switch TO tsukaimichi_app;
