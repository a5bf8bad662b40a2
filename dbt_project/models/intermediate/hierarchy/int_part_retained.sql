{{ config(
    indexes=[{'columns': ['era_period', 'unit_id']}],
    post_hook='analyze {{ this }}'
) }}

-- The units of today that would receive a part of a divided unit, or hold one that would: below its landing.
with

final as (

    select distinct
        landed.era_period,
        landed.unit_id,
        receiver.unit_id as receiver_unit_id
    from {{ ref('int_unit_landed') }} as landed
    inner join {{ ref('int_unit_succeeded') }} as part
        on
            landed.era_period = part.era_period
            and landed.unit_id = part.unit_id
    inner join {{ ref('int_unit_restated') }} as today on part.part_unit_id = today.unit_id
    cross join lateral unnest(today.path) with ordinality as receiver (unit_id, position)
    where
        landed.is_divided
        and receiver.position - 1 > landed.landing_depth

)

select * from final
