-- Every figure of the provinces that the night leaves alone, as it was judged when they were published: where units of today's
-- tree cross the provinces of a period, all of it is counted again. They are many: who asks names periods.
select
    partition.period,
    unit.unit_id,
    indicator.indicator,
    catalogue.reporter_class,
    observation.scope as fact_scope,
    observation.is_reporter,
    observation.mark::text as mark,
    observation.numerator,
    case when catalogue.kind = 'ratio' then observation.denominator end as summed_denominator,
    observation.is_counted as is_usable,
    observation.is_withheld
from {{ ref('stg_store__partition') }} as partition
inner join {{ source('store', 'observation') }} as observation
    on
        partition.period_key = observation.period_key
        and partition.province_key = observation.province_key
inner join {{ source('store', 'unit_key') }} as unit on observation.unit_key = unit.unit_key
inner join {{ source('store', 'indicator_key') }} as indicator on observation.indicator_key = indicator.indicator_key
inner join {{ ref('stg_reference__indicator') }} as catalogue on indicator.indicator = catalogue.indicator
where observation.last_release is null
