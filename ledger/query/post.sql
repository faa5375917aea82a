WITH who AS (
  SELECT p.any_actors[array_position(p.actor_keys, $6::uuid)] AS id, greatest($4::date, p.closed_until + 1) AS booked_on
    FROM postable p
   WHERE p.organisation_id = $1 AND $6::uuid = ANY (p.actor_keys)
), header AS (
  INSERT INTO transaction (organisation_id, kind, source, booked_on, belongs_on, entry_count, actor_id, posted_at,
         reverses, reason, donation_id, refund_id)
  SELECT $1, $2, $3, who.booked_on, $4::date, $5::smallint, who.id, $7::timestamptz,
         nullif($8::bigint, 0), $9, nullif($10::bigint, 0), nullif($11::bigint, 0)
    FROM who
      ON CONFLICT ON CONSTRAINT transaction_source_key DO NOTHING
  RETURNING id, booked_on
), lines AS (
  INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, segment, initiative_id, use_id,
         counterparty_id, amount, booked_on)
  SELECT $1, header.id, line.number, line.account, line.fund_id, nullif(line.segment, ''), nullif(line.initiative_id, 0),
         nullif(line.use_id, 0), nullif(line.counterparty_id, 0), line.amount, header.booked_on
    FROM header,
         unnest($12::int[], $13::bigint[], $14::text[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[])
           WITH ORDINALITY AS line (account, fund_id, segment, initiative_id, use_id, counterparty_id, amount, number)
), queue AS (
  INSERT INTO unsealed (organisation_id, record_id)
  SELECT $1, header.id FROM header
)
SELECT id FROM header
