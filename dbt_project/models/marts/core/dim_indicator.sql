with

climbing as (

    select
        indicator,
        string_agg(hierarchy, ', ' order by is_first desc, hierarchy) as hierarchies
    from {{ ref('stg_reference__indicator_hierarchy') }}
    group by indicator

)

select
    indicator.indicator,
    indicator.indicator_group,
    indicator.name_vi,
    indicator.name_en,
    indicator.kind,
    indicator.population,
    indicator.reporter_class,
    indicator.is_cumulative,
    indicator.part_of,
    indicator.parts_are_all,
    indicator.complement_of,
    indicator.nested_in,
    indicator.may_exceed_one,
    climbing.hierarchies
from {{ ref('stg_reference__indicator') }} as indicator
inner join climbing on indicator.indicator = climbing.indicator
