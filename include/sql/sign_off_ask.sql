-- Ask for signatures of the night's candidate: with the coverage it has, by when, by how many, and for exactly what.
insert into ops.sign_off_request (run_id, due_at, signatures, coverage, candidate_fingerprint, base_release_id)
select
    %(run_id)s,
    %(due_at)s,
    %(signatures)s,
    coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'period', compared.period,
                        'hierarchy', compared.hierarchy,
                        'campaign', compared.campaign,
                        'reporting_units', compared.reporting_units,
                        'expected_units', compared.expected_units,
                        'coverage', compared.coverage,
                        'threshold', compared.threshold,
                        'is_below', compared.is_below
                    )
                    order by compared.period, compared.hierarchy, compared.campaign
                )
            from intermediate.int_coverage_compared as compared
        ),
        '[]'
    ),
    %(fingerprint)s,
    %(base)s
on conflict (run_id) do update set
    asked_at = excluded.asked_at,
    due_at = excluded.due_at,
    signatures = excluded.signatures,
    coverage = excluded.coverage,
    candidate_fingerprint = excluded.candidate_fingerprint,
    base_release_id = excluded.base_release_id;
