-- The ledger as people read it, the newest first: of one sender, period or state where one is named.
select
    ledger.submission_id,
    ledger.sender,
    ledger.kind,
    ledger.state,
    ledger.file_name,
    ledger.received_at,
    ledger.loaded_at,
    ledger.sent_by,
    ledger.content_hash,
    ledger.size_bytes,
    ledger.form,
    ledger.reader,
    ledger.reader_version,
    ledger.encoding,
    ledger.rows_read,
    ledger.rows_kept,
    ledger.rows_aside,
    (
        select coalesce(array_agg(spoken.period order by spoken.period), '{}')
        from raw.submission_period as spoken
        where spoken.submission_seq = ledger.submission_seq
    ) as periods,
    ledger.problem,
    ledger.warning,
    ledger.withdrawn_at,
    ledger.withdrawn_why
from raw.ledger as ledger
where
    (%(submission_id)s::text is null or ledger.submission_id = %(submission_id)s)
    and (%(state)s::text is null or ledger.state = %(state)s)
    and (
        %(period)s::text is null
        or exists (
            select 1
            from raw.submission_period as spoken
            where spoken.submission_seq = ledger.submission_seq and spoken.period = %(period)s
        )
    )
    and (
        %(sender)s::text is null
        or ledger.sender = %(sender)s
        or exists (
            select 1
            from reference.org_unit as unit
            where %(sender)s in (unit.code, unit.unit_id) and ledger.sender in (unit.code, unit.unit_id)
        )
    )
order by ledger.submission_seq desc;
