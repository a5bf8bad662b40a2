{{ config(materialized='view') }}

-- One row per complement ("not done") beside the ratio it completes, both standing and neither withheld so far.
with

-- Complements and what they complete: few of the indicators.
wanted as (

    select indicator
    from {{ ref('stg_reference__indicator') }}
    where complement_of is not null
    union
    select complement_of as indicator
    from {{ ref('stg_reference__indicator') }}
    where complement_of is not null

),

observations as materialized (

    select compared.*
    from {{ ref('int_observation_compared') }} as compared
    where
        compared.indicator in (select indicator from wanted)
        and not exists (
            select 1
            from {{ source('quality', 'run_withheld') }} as withheld
            where
                withheld.run_id = {{ running_run_id() }}
                and withheld.unit_id = compared.unit_id
                and withheld.indicator = compared.indicator
                and withheld.period = compared.period
                and withheld.scope = compared.scope
        )

),

final as (

    select
        complement.period,
        complement.unit_id,
        complement.province_unit_id,
        complement.sender_unit_id,
        complement.indicator,
        complement.scope,
        complement.population,
        complement.submission_id,
        complement.locator,
        complement.numerator as not_done,
        done.numerator as done,
        done.denominator as everyone,
        done.indicator as done_indicator,
        done.locator as done_locator,
        concat_ws('|', complement.numerator, done.numerator, done.denominator) as values_key
    from observations as complement
    inner join {{ ref('stg_reference__indicator') }} as indicator
        on complement.indicator = indicator.indicator
    inner join observations as done
        on
            complement.period = done.period
            and complement.unit_id = done.unit_id
            and complement.scope = done.scope
            and indicator.complement_of = done.indicator
    where
        complement.numerator is not null
        and done.numerator is not null
        and done.denominator is not null

)

select * from final
