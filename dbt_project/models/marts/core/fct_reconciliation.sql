select
    compared.period,
    compared.unit_id,
    compared.indicator,
    compared.measure,
    unit.department_unit_id,
    compared.province_unit_id,
    compared.declared,
    compared.computed,
    compared.imbalance,
    compared.imbalance = 0 as verdict
from {{ ref('int_declaration_compared') }} as compared
inner join {{ ref('int_unit_hierarchized') }} as unit
    on
        compared.period = unit.period
        and compared.unit_id = unit.unit_id
