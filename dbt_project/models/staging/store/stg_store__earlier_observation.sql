-- Figures that stood in earlier periods which the night leaves alone: what a later period's is laid beside. They are many:
-- who asks names keys. What a rule on observations withheld is looked past; what is held with its province still says what was
-- counted, and so does to some what was set aside as a declaration.
select
    earlier.period,
    earlier.period_before,
    earlier.is_directly_before,
    observation.period_key,
    observation.indicator_key,
    observation.unit_key,
    unit.unit_id,
    indicator.indicator,
    observation.scope as fact_scope,
    observation.numerator,
    observation.is_withheld and string_to_array(observation.withheld_by, ',') && array['D05', 'N01'] as is_set_aside
from {{ ref('stg_store__earlier_period') }} as earlier
inner join {{ source('store', 'observation') }} as observation on earlier.period_key_before = observation.period_key
inner join {{ source('store', 'unit_key') }} as unit on observation.unit_key = unit.unit_key
inner join {{ source('store', 'indicator_key') }} as indicator on observation.indicator_key = indicator.indicator_key
left join {{ source('store', 'unit_key') }} as province on observation.province_key = province.unit_key
left join {{ ref('stg_ops__partition') }} as rebuilt
    on
        earlier.period_before = rebuilt.period
        and coalesce(province.unit_id, '-') = rebuilt.province_unit_id
where
    observation.last_release is null
    and observation.numerator is not null
    and (not observation.is_withheld or string_to_array(observation.withheld_by, ',') <@ array['HELD', 'D05', 'N01'])
    and rebuilt.period is null
