-- Jobs under way of this client ($1), and of clients that are gone: nobody holds their lock ($2). Soon after a start of
-- the database ($3 seconds) nobody counts as gone.
WITH others AS MATERIALIZED (
     SELECT DISTINCT attempted_by[array_upper(attempted_by, 1)] AS client
       FROM river.river_job
      WHERE state = 'running'
        AND attempted_by[array_upper(attempted_by, 1)] <> $1
        AND pg_postmaster_start_time() < now() - $3 * interval '1 second'
), gone AS MATERIALIZED (
     SELECT client
       FROM others
      WHERE pg_try_advisory_xact_lock_shared($2, hashtext(client))
)
SELECT j.id, j.attempt, j.max_attempts, j.kind, j.attempted_at, j.attempted_by[array_upper(j.attempted_by, 1)] = $1 AS own
  FROM river.river_job j
 WHERE j.state = 'running'
   AND (j.attempted_by[array_upper(j.attempted_by, 1)] = $1
        OR j.attempted_by[array_upper(j.attempted_by, 1)] IN (SELECT client FROM gone))
