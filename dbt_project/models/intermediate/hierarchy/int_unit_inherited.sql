{{ config(
    indexes=[{'columns': ['era_period', 'unit_id'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- The units of an earlier tree that are, whole, a unit of today's: they landed exactly in it while their parent did not.
with

final as (

    select
        landed.era_period,
        landed.unit_id,
        landed.landing_unit_id,
        count(*) over (partition by landed.era_period, landed.landing_unit_id) as predecessors
    from {{ ref('int_unit_landed') }} as landed
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            landed.era_period = unit.period
            and landed.unit_id = unit.unit_id
    left join {{ ref('int_unit_landed') }} as parent
        on
            landed.era_period = parent.era_period
            and unit.parent_unit_id = parent.unit_id
            and parent.is_exact
            and landed.landing_unit_id = parent.landing_unit_id
    where
        landed.is_exact
        and parent.unit_id is null

)

select * from final
