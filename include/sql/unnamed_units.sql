-- What the frozen statements of the periods in scope call a unit and is no code of any time, with the unit that says so.
-- A sender is resolved as in int_sender_resolved: by its unit id, or by the code it had at the period's end.
with

texts as materialized (

    select distinct
        submission.sender,
        statement.period,
        statement.unit_code as unit_text
    from ops.run_period as scope
    inner join raw.submission_period as spoken on scope.period = spoken.period
    inner join ops.run_submission as frozen
        on
            scope.run_id = frozen.run_id
            and spoken.submission_seq = frozen.submission_seq
    inner join raw.submission as submission on spoken.submission_seq = submission.submission_seq
    inner join raw.statement as statement
        on
            spoken.submission_seq = statement.submission_seq
            and spoken.period = statement.period
    where
        scope.run_id = %(run_id)s
        -- One hash of all codes: nearly every statement names one, and an index lookup each would take a hundred times longer.
        and statement.unit_code not in (select code from reference.org_unit)

),

senders as materialized (

    select distinct on (said.sender, said.period)
        said.sender,
        said.period,
        unit.unit_id
    from (select distinct sender, period from texts) as said
    inner join reference.org_unit as unit
        on
            said.sender in (unit.unit_id, unit.code)
            and unit.level in ('department', 'province')
            and unit.valid @> (to_date(said.period || '-01', 'YYYY-MM-DD') + interval '1 month' - interval '1 day')::date
    order by said.sender, said.period, (unit.unit_id = said.sender) desc

)

select
    texts.sender,
    texts.period,
    texts.unit_text,
    senders.unit_id as sender_unit_id
from texts
left join senders using (sender, period)
order by texts.period, texts.sender, texts.unit_text;
