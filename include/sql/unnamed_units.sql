-- What the frozen statements of the periods in scope call a unit and is no code of any time, with the unit that says so.
with

-- By itself: among the statements, its few rows were sought for each of two million.
speaking as materialized (

    select
        submission_seq,
        submission.sender,
        period,
        spoken.sender_unit_id
    from ops.run_submission as frozen
    inner join raw.submission_speaker as spoken using (submission_seq)
    inner join raw.submission as submission using (submission_seq)
    inner join ops.run_partition as scope using (run_id, period, province_unit_id)
    where frozen.run_id = %(run_id)s

),

texts as materialized (

    select distinct
        speaking.sender,
        statement.period,
        statement.unit_code as unit_text,
        speaking.sender_unit_id
    from speaking
    inner join raw.statement as statement
        on
            speaking.submission_seq = statement.submission_seq
            and speaking.period = statement.period
    where
        -- One hash of all codes: nearly every statement names one, and an index lookup each would take a hundred times longer.
        statement.unit_code not in (select code from reference.org_unit)

)

select sender, period, unit_text, sender_unit_id
from texts
order by period, sender, unit_text;
