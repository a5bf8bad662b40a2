{{ config(
    pre_hook='set local enable_nestloop = off',
    post_hook='analyze {{ this }}'
) }}

-- Standing figures of indicators that the catalogue sets in relation to another (nested in it, part of it), and of those
-- others; without what an error rule withholds: whoever needs a withheld figure has no verdict.
with

related as (

    select indicator
    from {{ ref('stg_reference__indicator') }}
    where
        nested_in is not null
        or part_of is not null
    union
    select nested_in
    from {{ ref('stg_reference__indicator') }}
    union
    select part_of
    from {{ ref('stg_reference__indicator') }}

),

final as (

    select
        standing.period,
        standing.unit_id,
        standing.province_unit_id,
        standing.sender_unit_id,
        standing.indicator,
        standing.fact_scope as scope,
        standing.population,
        standing.numerator,
        standing.denominator,
        submission.submission_id,
        standing.locator,
        indicator.nested_in,
        indicator.part_of,
        indicator.parts_are_all
    from {{ ref('int_observation_standing') }} as standing
    inner join related on standing.indicator = related.indicator
    inner join {{ ref('stg_reference__indicator') }} as indicator on standing.indicator = indicator.indicator
    left join {{ ref('stg_submissions__submission') }} as submission
        on standing.submission_seq = submission.submission_seq
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

)

select * from final
