-- What one submission does to its sender's standing facts, before it counts: one row per effect with how many facts and
-- the first of them. Facts of the same sender are met under any name the sender and the unit have at the period's end.
with

arrived as (

    select
        submission_seq,
        sender,
        form,
        kind
    from raw.submission
    where submission_id = %(submission_id)s

),

periods as (

    select
        spoken.period,
        (to_date(spoken.period, 'YYYY-MM') + interval '1 month - 1 day')::date as last_day
    from raw.submission_period as spoken
    inner join arrived using (submission_seq)

),

called as (

    select
        period,
        name,
        unit_id
    from (
        select periods.period, unit.code as name, unit.unit_id
        from periods inner join reference.org_unit as unit on unit.valid @> periods.last_day
        union
        select periods.period, unit.unit_id as name, unit.unit_id
        from periods inner join reference.org_unit as unit on unit.valid @> periods.last_day
    ) as names

),

earlier as (

    select submission.submission_seq, submission.form
    from raw.submission as submission
    cross join arrived
    where
        submission.submission_seq < arrived.submission_seq
        and submission.status = 'loaded'
        and (
            submission.sender = arrived.sender
            or exists (
                select 1
                from called as one
                inner join called as other using (period, unit_id)
                where one.name = arrived.sender and other.name = submission.sender
            )
        )

),

spoken as (

    select
        statement.submission_seq,
        statement.row_number,
        statement.action,
        coalesce(called.unit_id, statement.unit_code) as unit,
        statement.unit_code,
        statement.indicator,
        statement.period,
        statement.scope,
        concat_ws('|', statement.mark, statement.numerator_value, coalesce(statement.denominator_value::text, '-'),
            coalesce(statement.rate_value::text, '-')) as said,
        coalesce(concat_ws('/', statement.numerator, statement.denominator), statement.stated_rate, statement.mark) as written
    from raw.statement as statement
    left join called
        on
            statement.period = called.period
            and statement.unit_code = called.name
    where
        statement.period in (select period from periods)
        and statement.submission_seq in (select submission_seq from earlier union all select submission_seq from arrived)

),

before as (

    select distinct on (unit, indicator, period, scope) spoken.*
    from spoken
    where
        submission_seq < (select submission_seq from arrived)
        -- What the night kept aside does not stand.
        and not exists (
            select 1
            from quality.rejected_row as aside
            where
                aside.submission_seq = spoken.submission_seq
                and aside.row_number = spoken.row_number
                and aside.judged = 'night'
        )
    order by unit, indicator, period, scope, submission_seq desc, row_number desc

),

now as (

    select distinct on (unit, indicator, period, scope) spoken.*
    from spoken
    where submission_seq = (select submission_seq from arrived)
    order by unit, indicator, period, scope, row_number desc

),

compared as (

    select
        case
            when now.unit is null then 'drops'
            when now.action = 'withdraw' then 'withdraws'
            when before.unit is null or before.action = 'withdraw' then 'adds'
            when before.said = now.said then 'repeats'
            else 'changes'
        end as effect,
        coalesce(now.unit_code, before.unit_code) as unit_code,
        indicator,
        period,
        scope,
        before.written as was,
        now.written as becomes
    from before
    full join now using (unit, indicator, period, scope)
    where
        now.unit is not null
        -- Only a whole form can leave out what its own earlier sendings said.
        or (
            before.action = 'state'
            and (select kind from arrived) = 'workbook'
            and before.submission_seq in (
                select submission_seq from earlier where form = (select form from arrived)
            )
        )

),

numbered as (

    select
        compared.*,
        count(*) over (partition by effect) as facts,
        row_number() over (partition by effect order by unit_code, indicator, period, scope) as place
    from compared

)

select
    effect,
    max(facts) as facts,
    coalesce(
        jsonb_agg(
            jsonb_build_object(
                'unit_code', unit_code, 'indicator', indicator, 'period', period, 'scope', scope,
                'was', was, 'becomes', becomes
            ) order by place
        ) filter (where place <= %(shown)s),
        '[]'
    ) as first_facts
from numbered
group by effect
order by effect;
