{{ config(
    pre_hook='set local enable_nestloop = off',
    post_hook='analyze {{ this }}'
) }}

-- One row per cumulative count that is below the latest earlier figure of the same unit, indicator and scope which nothing
-- withheld, however long ago that was stated.
with

tonight as (

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
        standing.locator
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
        and withheld.unit_id is null

),

stated as (

    select
        period,
        unit_id,
        indicator,
        fact_scope,
        numerator,
        true as is_judged
    from tonight
    where
        exists (select 1 from {{ ref('stg_store__earlier_observation') }})
        or exists (select 1 from {{ ref('stg_ops__period') }} having count(distinct period) > 1)

    union all

    select
        period,
        unit_id,
        indicator,
        fact_scope,
        numerator,
        false as is_judged
    from {{ ref('stg_store__earlier_observation') }}

),

beside as (

    select
        *,
        lag(numerator) over earlier as numerator_before,
        lag(period) over earlier as period_before
    from stated
    window earlier as (partition by unit_id, indicator, fact_scope order by period)

),

final as (

    select
        tonight.period,
        tonight.unit_id,
        tonight.province_unit_id,
        tonight.sender_unit_id,
        tonight.indicator,
        tonight.fact_scope as scope,
        tonight.population,
        submission.submission_id,
        tonight.locator,
        tonight.numerator,
        beside.numerator_before,
        beside.period_before,
        concat_ws('|', tonight.numerator, beside.period_before, beside.numerator_before) as values_key
    from beside
    inner join tonight
        on
            beside.period = tonight.period
            and beside.unit_id = tonight.unit_id
            and beside.indicator = tonight.indicator
            and beside.fact_scope = tonight.fact_scope
    left join {{ ref('stg_submissions__submission') }} as submission
        on tonight.submission_seq = submission.submission_seq
    where
        beside.is_judged
        and beside.numerator < beside.numerator_before

)

select * from final
