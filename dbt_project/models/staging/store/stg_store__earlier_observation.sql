-- Cumulative counts that stood in periods which the night leaves alone: what a later period's may not fall below. Figures
-- that were withheld by a rule on observations are looked past; those held with their province, or set aside as a
-- declaration, still say what was counted.
select
    period.period,
    unit.unit_id,
    indicator.indicator,
    observation.scope::text as fact_scope,
    observation.numerator
from {{ source('store', 'observation') }} as observation
inner join {{ source('store', 'indicator_key') }} as key on observation.indicator_key = key.indicator_key
inner join {{ ref('stg_reference__indicator') }} as indicator
    on
        key.indicator = indicator.indicator
        and indicator.kind = 'count'
        and indicator.is_cumulative
inner join {{ source('store', 'period_key') }} as period on observation.period_key = period.period_key
inner join {{ source('store', 'unit_key') }} as unit on observation.unit_key = unit.unit_key
left join {{ source('store', 'unit_key') }} as province on observation.province_key = province.unit_key
left join {{ ref('stg_ops__partition') }} as rebuilt
    on
        period.period = rebuilt.period
        and coalesce(province.unit_id, '-') = rebuilt.province_unit_id
where
    observation.last_release is null
    and observation.numerator is not null
    and (not observation.is_withheld or string_to_array(observation.withheld_by, ',') <@ array['HELD', 'D05', 'N01'])
    and rebuilt.period is null
    and period.period < (select max(period) from {{ ref('stg_ops__period') }})
