-- The night that waits (or the one that is asked for, whatever became of it), and who signed exactly this candidate.
select
    run.run_id,
    run.status,
    run.problem,
    run.release_id,
    run.started_at,
    request.asked_at,
    request.due_at,
    request.due_at <= clock_timestamp() as is_overdue,
    request.signatures,
    request.coverage,
    coalesce(given.signed_by, '{}') as signed_by
from ops.run as run
left join ops.sign_off_request as request using (run_id)
left join lateral (
    select array_agg(signed.decided_by order by signed.sign_off_id) as signed_by
    from ops.sign_off as signed
    where
        signed.run_id = run.run_id
        and signed.candidate_fingerprint = request.candidate_fingerprint
        and signed.decision = 'signed'
) as given on true
where
    case when %(run_id)s::text is null then run.status = 'awaiting' else run.run_id = %(run_id)s end;
