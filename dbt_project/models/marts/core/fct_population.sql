select
    stated.period,
    stated.unit_id,
    unit.province_unit_id,
    stated.population,
    stated.source,
    stated.indicator,
    stated.amount,
    stated.is_counted,
    stated.reason,
    stated.submission_seq,
    stated.row_number
from {{ ref('int_population_stated') }} as stated
inner join {{ ref('int_unit_hierarchized') }} as unit
    on
        stated.period = unit.period
        and stated.unit_id = unit.unit_id
