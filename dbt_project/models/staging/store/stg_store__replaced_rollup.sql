-- Of the partitions that the night rebuilds: the published cells above the reporters, which its candidate replaces.
with

rebuilt as (
    {{ replaced_partitions() }}
),

-- A province and what is above all provinces apart, each found by an index without a nested loop: those who read this may
-- have turned them off.
replaced as (

    select
        rebuilt.period,
        rollup.unit_key,
        rollup.province_key,
        rollup.indicator_key,
        rollup.hierarchy,
        rollup.numerator,
        rollup.denominator
    from rebuilt
    inner join {{ source('store', 'rollup') }} as rollup
        on
            rebuilt.period_key = rollup.period_key
            and rebuilt.province_key = rollup.province_key
    where
        rollup.period_key = any(array(select period_key from rebuilt))
        and rollup.province_key = any(array(select province_key from rebuilt))
        and rollup.last_release is null

    union all

    select
        rebuilt.period,
        rollup.unit_key,
        rollup.province_key,
        rollup.indicator_key,
        rollup.hierarchy,
        rollup.numerator,
        rollup.denominator
    from rebuilt
    inner join {{ source('store', 'rollup') }} as rollup on rebuilt.period_key = rollup.period_key
    where
        rebuilt.province_key is null
        and rollup.period_key = any(array(select period_key from rebuilt))
        and rollup.province_key is null
        and rollup.last_release is null

)

select
    replaced.period,
    unit.unit_id,
    province.unit_id as province_unit_id,
    indicator.indicator,
    replaced.hierarchy::text as hierarchy,
    replaced.numerator,
    replaced.denominator
from replaced
inner join {{ source('store', 'unit_key') }} as unit on replaced.unit_key = unit.unit_key
inner join {{ source('store', 'indicator_key') }} as indicator on replaced.indicator_key = indicator.indicator_key
left join {{ source('store', 'unit_key') }} as province on replaced.province_key = province.unit_key
