{{ config(
    indexes=[{'columns': ['period', 'reporter_class', 'unit_id'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- Units above reporters some of whom are, today, under somebody else. What such a unit declared for all of them is no single
-- unit's today: it lands in the first that holds them all.
with

strays as (

    select
        expected.period,
        expected.era_period,
        expected.reporter_class,
        above.unit_id,
        landed.landing_path as home_path,
        expected.landing_path
    from {{ ref('int_expectation_landed') }} as expected
    cross join lateral unnest(expected.path) as above (unit_id)
    inner join {{ ref('int_unit_landed') }} as landed
        on
            expected.era_period = landed.era_period
            and above.unit_id = landed.unit_id
    where
        above.unit_id <> expected.unit_id
        and not landed.landing_unit_id = any(expected.landing_path)

),

final as (

    select
        period,
        era_period,
        reporter_class,
        unit_id,
        home_path[: min({{ common_depth('home_path', 'landing_path') }}) + 1] as landing_path,
        array_agg(distinct landing_path[cardinality(landing_path)]) || home_path[cardinality(home_path)] as part_unit_ids
    from strays
    group by period, era_period, reporter_class, unit_id, home_path

)

select * from final
