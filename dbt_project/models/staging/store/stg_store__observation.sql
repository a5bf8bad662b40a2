-- What the provinces themselves report; of the units under them only what climbs other trees.
with

read_here as (

    select
        key.indicator_key,
        indicator.indicator,
        indicator.kind,
        indicator.reporter_class,
        coalesce(climbing.climbs, false) as climbs
    from {{ ref('stg_reference__indicator') }} as indicator
    inner join {{ source('store', 'indicator_key') }} as key on indicator.indicator = key.indicator
    left join (
        select
            indicator,
            true as climbs
        from {{ ref('stg_reference__indicator_hierarchy') }}
        where hierarchy <> 'territorial'
        group by indicator
    ) as climbing on indicator.indicator = climbing.indicator

)

select
    partition.period,
    unit.unit_id,
    read_here.indicator,
    read_here.kind,
    read_here.reporter_class,
    observation.scope as fact_scope,
    observation.is_reporter,
    observation.mark::text as mark,
    observation.numerator,
    observation.denominator,
    case when read_here.kind = 'ratio' then observation.denominator end as summed_denominator,
    observation.is_counted as is_usable,
    observation.is_withheld
from {{ ref('stg_store__partition') }} as partition
cross join read_here
inner join {{ source('store', 'observation') }} as observation
    on
        partition.period_key = observation.period_key
        and read_here.indicator_key = observation.indicator_key
        and partition.province_key = observation.province_key
        and (read_here.climbs or observation.unit_key = partition.province_key)
inner join {{ source('store', 'unit_key') }} as unit on observation.unit_key = unit.unit_key
where
    observation.last_release is null
    and (read_here.climbs or read_here.reporter_class in (
        select reporter.reporter_class
        from {{ ref('stg_reference__reporter') }} as reporter
        where reporter.unit_types && (select array_agg(distinct type) from {{ ref('stg_reference__org_unit') }} where level = 'province')
    ))
