WITH taken AS (
  DELETE FROM unsealed
   WHERE organisation_id = $1 AND record_id = ANY ($2)
  RETURNING record_id
), recorded AS (
  INSERT INTO log_record (organisation_id, id, kind, subject_id, recorded_at)
  SELECT $1, t.id, 'transaction', t.id, t.posted_at
    FROM unnest($10::bigint[]) AS u (id)
    JOIN transaction t ON t.organisation_id = $1 AND t.id = u.id
), sealed AS (
  INSERT INTO seal (organisation_id, sequence, record_id, private, hash, chain)
  SELECT $1, $3 + s.place, s.record_id, s.private, s.hash, s.chain
    FROM unnest($2::bigint[], $4::bytea[], $5::bytea[], $6::bytea[])
           WITH ORDINALITY AS s (record_id, private, hash, chain, place)
), salted AS (
  INSERT INTO salt (organisation_id, record_id, salt, evidence)
  SELECT $1, s.record_id, s.salt, nullif(s.evidence, '')::bigint[]
    FROM unnest($2::bigint[], $7::bytea[], $8::text[]) AS s (record_id, salt, evidence)
), rolled AS (
  INSERT INTO rollup (organisation_id, fund_id, account, use_id, initiative_id, segment, month, amount, entries)
  SELECT $1, s.fund_id, s.account, s.use_id, s.initiative_id, s.segment, s.month, s.amount, s.entries
    FROM unnest($11::bigint[], $12::int[], $13::bigint[], $14::bigint[], $15::text[], $16::date[], $17::bigint[], $18::bigint[])
           AS s (fund_id, account, use_id, initiative_id, segment, month, amount, entries)
      ON CONFLICT ON CONSTRAINT rollup_pkey
      DO UPDATE SET amount = rollup.amount + excluded.amount, entries = rollup.entries + excluded.entries
)
UPDATE log_heads
   SET sequence = $3 + cardinality($2::bigint[]), hash = $9
 WHERE organisation_id = $1 AND sequence = $3
RETURNING (SELECT count(*) FROM taken)
