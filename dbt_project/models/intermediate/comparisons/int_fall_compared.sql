{{ config(
    pre_hook=["set local work_mem = '128MB'", 'set local enable_nestloop = off'],
    post_hook='analyze {{ this }}'
) }}

-- One row per cumulative count that is below the latest earlier figure of the same unit, indicator and scope which no error
-- withheld and which was not set aside, however long ago that was stated; what is held with its province speaks. Nearly all
-- were stated one period before, so that is read first; older ones are looked up for what was silent then, by keys.
with

tonight as materialized (

    select
        standing.period,
        standing.unit_id,
        standing.province_unit_id,
        standing.sender_unit_id,
        standing.indicator,
        standing.fact_scope,
        standing.population,
        standing.numerator,
        standing.submission_seq,
        standing.locator,
        coalesce(withheld.rules && array['D05', 'N01'], false) as is_set_aside
    from {{ ref('int_observation_standing') }} as standing
    inner join {{ ref('stg_reference__indicator') }} as indicator
        on
            standing.indicator = indicator.indicator
            and indicator.kind = 'count'
            and indicator.is_cumulative
    left join {{ source('quality', 'run_withheld') }} as withheld
        on
            withheld.run_id = {{ running_run_id() }}
            and standing.period = withheld.period
            and standing.unit_id = withheld.unit_id
            and standing.indicator = withheld.indicator
            and standing.fact_scope = withheld.scope
    where
        not standing.is_return
        and standing.numerator is not null
        and (withheld.unit_id is null or withheld.rules <@ array['D05', 'N01', 'HELD'])
        and (
            exists (select 1 from {{ ref('stg_store__earlier_period') }})
            or (select count(*) > 1 from {{ ref('stg_ops__period') }})
        )

),

-- Where the night has several periods.
within as (

    select
        period,
        unit_id,
        indicator,
        fact_scope,
        max(period) filter (where not is_set_aside) over earlier as period_before
    from tonight
    where (select count(*) > 1 from {{ ref('stg_ops__period') }})
    window earlier as (
        partition by unit_id, indicator, fact_scope
        order by period
        rows between unbounded preceding and 1 preceding
    )

),

directly_before as (

    select *
    from {{ ref('stg_store__earlier_observation') }}
    where
        is_directly_before
        and not is_set_aside
        and period_key = any(array(
            select period_key_before from {{ ref('stg_store__earlier_period') }} where is_directly_before
        ))
        and indicator_key = any(array(
            select key.indicator_key
            from {{ ref('stg_store__indicator') }} as key
            inner join {{ ref('stg_reference__indicator') }} as indicator on key.indicator = indicator.indicator
            where
                indicator.kind = 'count'
                and indicator.is_cumulative
        ))

),

beside as materialized (

    select
        tonight.*,
        case when within.period_before > before.period_before then within.period_before
            else coalesce(before.period_before, within.period_before) end as period_before,
        case when within.period_before > before.period_before then said.numerator
            else coalesce(before.numerator, said.numerator) end as numerator_before
    from tonight
    left join within
        on
            tonight.period = within.period
            and tonight.unit_id = within.unit_id
            and tonight.indicator = within.indicator
            and tonight.fact_scope = within.fact_scope
    left join tonight as said
        on
            within.period_before = said.period
            and within.unit_id = said.unit_id
            and within.indicator = said.indicator
            and within.fact_scope = said.fact_scope
    left join directly_before as before
        on
            tonight.period = before.period
            and tonight.unit_id = before.unit_id
            and tonight.indicator = before.indicator
            and tonight.fact_scope = before.fact_scope

),

-- What the period directly before does not answer for, where something older is published.
silent as materialized (

    select
        beside.period,
        unit.unit_key,
        indicator.indicator_key,
        beside.fact_scope
    from beside
    inner join {{ ref('stg_store__unit') }} as unit on beside.unit_id = unit.unit_id
    inner join {{ ref('stg_store__indicator') }} as indicator on beside.indicator = indicator.indicator
    inner join {{ ref('stg_store__earlier_period') }} as directly
        on
            beside.period = directly.period
            and directly.is_directly_before
            and coalesce(beside.period_before < directly.period_before, true)
    where exists (
        select 1
        from {{ ref('stg_store__earlier_period') }} as older
        where older.period = beside.period and not older.is_directly_before
    )

),

long_before as (

    select distinct on (older.period, older.unit_id, older.indicator, older.fact_scope)
        older.period,
        older.unit_id,
        older.indicator,
        older.fact_scope,
        older.period_before,
        older.numerator
    from {{ ref('stg_store__earlier_observation') }} as older
    inner join silent
        on
            older.period = silent.period
            and older.unit_key = silent.unit_key
            and older.indicator_key = silent.indicator_key
            and older.fact_scope = silent.fact_scope
    where
        not older.is_directly_before
        and not older.is_set_aside
        and older.period_key = any(array(
            select period_key_before from {{ ref('stg_store__earlier_period') }} where not is_directly_before
        ))
        and older.indicator_key = any(array(select indicator_key from silent))
        and older.unit_key = any(array(select unit_key from silent))
    order by older.period, older.unit_id, older.indicator, older.fact_scope, older.period_before desc

),

latest as (

    select
        beside.period,
        beside.unit_id,
        beside.province_unit_id,
        beside.sender_unit_id,
        beside.indicator,
        beside.fact_scope,
        beside.population,
        beside.submission_seq,
        beside.locator,
        beside.numerator,
        case when coalesce(beside.period_before > older.period_before, older.numerator is null)
            then beside.period_before else older.period_before end as period_before,
        case when coalesce(beside.period_before > older.period_before, older.numerator is null)
            then beside.numerator_before else older.numerator end as numerator_before
    from beside
    left join long_before as older
        on
            beside.period = older.period
            and beside.unit_id = older.unit_id
            and beside.indicator = older.indicator
            and beside.fact_scope = older.fact_scope

),

final as (

    select
        latest.period,
        latest.unit_id,
        latest.province_unit_id,
        latest.sender_unit_id,
        latest.indicator,
        latest.fact_scope as scope,
        latest.population,
        submission.submission_id,
        latest.locator,
        latest.numerator,
        latest.numerator_before,
        latest.period_before,
        concat_ws('|', latest.numerator, latest.period_before, latest.numerator_before) as values_key
    from latest
    left join {{ ref('stg_submissions__submission') }} as submission
        on latest.submission_seq = submission.submission_seq
    where latest.numerator < latest.numerator_before

)

select * from final
