{{ config(
    indexes=[{'columns': ['period', 'unit_id', 'reporter_class'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- How many units expected in the period landed in or under each unit of today's tree, and whether they are those that its
-- predecessors had.
with

registered as (

    select
        expected.period,
        expected.reporter_class,
        unit.unit_id,
        count(*) as expected_units,
        count(*) filter (where unit.unit_id = expected.landing_unit_id) as landed_here
    from {{ ref('int_expectation_landed') }} as expected
    cross join lateral unnest(expected.landing_path) as unit (unit_id)
    group by expected.period, expected.reporter_class, unit.unit_id

),

inherited as (

    select
        expected.period,
        expected.reporter_class,
        predecessor.landing_unit_id as unit_id,
        count(*) as under_predecessors,
        count(*) filter (where predecessor.landing_unit_id = any(expected.landing_path)) as landed_under
    from {{ ref('int_expectation_landed') }} as expected
    cross join lateral unnest(expected.path) as above (unit_id)
    inner join {{ ref('int_unit_inherited') }} as predecessor
        on
            expected.era_period = predecessor.era_period
            and above.unit_id = predecessor.unit_id
    group by expected.period, expected.reporter_class, predecessor.landing_unit_id

),

-- Expected units that were divided, by the units of today that would have received a part of them.
held as (

    select
        expected.period,
        expected.reporter_class,
        held.receiver_unit_id as unit_id,
        count(*) as held_units
    from {{ ref('int_expectation_landed') }} as expected
    inner join {{ ref('int_part_retained') }} as held
        on
            expected.era_period = held.era_period
            and expected.unit_id = held.unit_id
    group by expected.period, expected.reporter_class, held.receiver_unit_id

),

final as (

    select
        coalesce(registered.period, held.period) as period,
        coalesce(registered.reporter_class, held.reporter_class) as reporter_class,
        coalesce(registered.unit_id, held.unit_id) as unit_id,
        coalesce(registered.expected_units, 0) as expected_units,
        coalesce(registered.landed_here, 0) as landed_here,
        coalesce(held.held_units, 0) as held_units,
        (
            registered.expected_units = inherited.under_predecessors
            and registered.expected_units = inherited.landed_under
        ) is true as is_inherited_whole
    from registered
    full join held
        on
            registered.period = held.period
            and registered.reporter_class = held.reporter_class
            and registered.unit_id = held.unit_id
    left join inherited
        on
            registered.period = inherited.period
            and registered.reporter_class = inherited.reporter_class
            and registered.unit_id = inherited.unit_id

)

select * from final
