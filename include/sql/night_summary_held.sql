-- One row per province that the night held whole, with its periods (of the last 30 nights only).
with recursive held as (
    select
        withheld.unit_id,
        withheld.period,
        (to_date(withheld.period, 'YYYY-MM') + interval '1 month - 1 day')::date as period_end
    from quality.run_withheld as withheld
    where
        withheld.run_id = %(run_id)s
        and withheld.is_province_held
    group by withheld.unit_id, withheld.period
),

-- Up the tree of the period to the province.
above as (
    select held.period, held.period_end, unit.unit_id, unit.name, unit.level, unit.parent_unit_id
    from held
    inner join reference.org_unit as unit on held.unit_id = unit.unit_id and unit.valid @> held.period_end
    union
    select above.period, above.period_end, unit.unit_id, unit.name, unit.level, unit.parent_unit_id
    from above
    inner join reference.org_unit as unit on above.parent_unit_id = unit.unit_id and unit.valid @> above.period_end
    where above.level <> 'province'
)

select
    above.unit_id as province_unit_id,
    max(above.name) as province_name,
    array_agg(distinct above.period order by above.period) as periods
from above
where above.level = 'province'
group by above.unit_id
order by above.unit_id;
