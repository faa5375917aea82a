WITH who AS (
  SELECT a.id, greatest($4::date, p.closed_until + 1) AS booked_on
    FROM actor a
    LEFT JOIN postable p ON p.organisation_id = a.organisation_id
   WHERE a.organisation_id = $1 AND a.kind = $6 AND a.subject_id = $7 AND a.name = $8
), header AS (
  INSERT INTO transaction (organisation_id, kind, source, booked_on, belongs_on, entry_count, actor_id, posted_at,
         reverses, reason, donation_id, refund_id)
  SELECT $1, $2, $3, who.booked_on, $4::date, $5::smallint, who.id, $9::timestamptz,
         nullif($10::bigint, 0), $11, nullif($12::bigint, 0), nullif($13::bigint, 0)
    FROM who
      ON CONFLICT ON CONSTRAINT transaction_source_key DO NOTHING
  RETURNING id, booked_on
), lines AS (
  INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, segment, initiative_id, use_id,
         counterparty_id, amount, booked_on)
  SELECT $1, header.id, line.number, line.account, line.fund_id, nullif(line.segment, ''), nullif(line.initiative_id, 0),
         nullif(line.use_id, 0), nullif(line.counterparty_id, 0), line.amount, header.booked_on
    FROM header,
         unnest($14::int[], $15::bigint[], $16::text[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[])
           WITH ORDINALITY AS line (account, fund_id, segment, initiative_id, use_id, counterparty_id, amount, number)
), queue AS (
  INSERT INTO unsealed (organisation_id, record_id)
  SELECT $1, header.id FROM header
)
SELECT id FROM header
