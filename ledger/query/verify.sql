SELECT transaction_id, what
  FROM (
    SELECT e.transaction_id, 'fund ' || e.fund_id || ' does not sum to zero' AS what
      FROM entry e
     WHERE e.organisation_id = $1
     GROUP BY e.transaction_id, e.fund_id
    HAVING sum(e.amount) <> 0
    UNION ALL
    SELECT t.id, 'has ' || count(e.number) || ' entries of ' || t.entry_count
      FROM transaction t
      LEFT JOIN entry e ON e.organisation_id = t.organisation_id AND e.transaction_id = t.id AND e.booked_on = t.booked_on
     WHERE t.organisation_id = $1
     GROUP BY t.id, t.entry_count
    HAVING count(e.number) <> t.entry_count
    UNION ALL
    SELECT t.id, 'has no log record and waits for none'
      FROM transaction t
     WHERE t.organisation_id = $1
       AND NOT EXISTS (SELECT FROM log_record r WHERE r.organisation_id = t.organisation_id AND r.kind = 'transaction' AND r.subject_id = t.id)
       AND NOT EXISTS (SELECT FROM waiting w WHERE w.organisation_id = t.organisation_id AND w.id = t.id AND w.kind = 'transaction' AND w.subject_id = t.id)
    UNION ALL
    SELECT t.id, 'does not mirror what it reverses'
      FROM transaction t
     WHERE t.organisation_id = $1 AND t.reverses IS NOT NULL
       AND EXISTS (SELECT FROM entry e
                    WHERE e.organisation_id = t.organisation_id AND e.transaction_id IN (t.id, t.reverses)
                    GROUP BY e.account, e.fund_id, e.use_id, e.segment, e.initiative_id
                   HAVING sum(e.amount) <> 0)
    UNION ALL
    SELECT 0, 'transfers between funds do not sum to zero'
      FROM entry e
     WHERE e.organisation_id = $1 AND e.account = 3200
    HAVING sum(e.amount) <> 0
    UNION ALL
    SELECT 0, 'donation ' || d.id || ' is paid and not booked for its amount'
      FROM donation d
     WHERE d.organisation_id = $1 AND d.status = 'paid'
       AND d.amount <> coalesce((SELECT -sum(e.amount)
                                   FROM transaction t
                                   JOIN entry e ON e.organisation_id = t.organisation_id AND e.transaction_id = t.id AND e.account = 4210
                                  WHERE t.organisation_id = d.organisation_id AND t.donation_id = d.id AND t.kind = 'donation'), 0)
    UNION ALL
    SELECT 0, 'donation ' || d.id || ' is refunded above its amount, or its running sum is off'
      FROM donation d
     WHERE d.organisation_id = $1
       AND (d.refunded > d.amount
            OR d.refunded <> coalesce((SELECT sum(r.amount) FROM refund r
                                        WHERE r.organisation_id = d.organisation_id AND r.donation_id = d.id AND r.status <> 'failed'), 0))
    UNION ALL
    SELECT 0, 'what may be posted to is not what accounts, funds, initiatives and closings say'
      FROM log_heads h
      LEFT JOIN postable p ON p.organisation_id = h.organisation_id
     WHERE h.organisation_id = $1
       AND (p.open_accounts IS DISTINCT FROM
              ARRAY(SELECT a.code::int FROM account a WHERE a.organisation_id = h.organisation_id AND a.closed_on IS NULL ORDER BY a.code)
            OR p.open_funds IS DISTINCT FROM
              ARRAY(SELECT f.id FROM fund f WHERE f.organisation_id = h.organisation_id AND f.closed_on IS NULL ORDER BY f.id)
            OR p.any_initiatives IS DISTINCT FROM
              ARRAY(SELECT n.id FROM initiative n WHERE n.organisation_id = h.organisation_id ORDER BY n.id)
            OR p.closed_until IS DISTINCT FROM
              (SELECT max(c.until_on) FROM period c WHERE c.organisation_id = h.organisation_id))
  ) AS fault
 ORDER BY transaction_id
 LIMIT 100
