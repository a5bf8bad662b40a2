-- Who may speak for the units that the files name: one row per province or department, with how many of the
-- scratch warehouse's facts are about it or about a unit under it as of the period's end.
with recursive

named as (

    select
        statement.unit_code,
        (to_date(statement.period, 'YYYY-MM') + interval '1 month - 1 day')::date as day,
        count(*) as facts
    from raw.statement as statement
    group by 1, 2

),

climbing as (

    select
        named.unit_code,
        named.day,
        named.facts,
        unit.unit_id,
        unit.code,
        unit.level,
        unit.parent_unit_id
    from named
    inner join reference.org_unit as unit
        on
            named.unit_code in (unit.code, unit.unit_id)
            and unit.valid @> named.day

    union all

    select
        climbing.unit_code,
        climbing.day,
        climbing.facts,
        parent.unit_id,
        parent.code,
        parent.level,
        parent.parent_unit_id
    from climbing
    inner join reference.org_unit as parent
        on
            climbing.parent_unit_id = parent.unit_id
            and parent.valid @> climbing.day
    where climbing.level not in ('province', 'department')

)

select
    code,
    unit_id,
    sum(facts) as facts
from climbing
where level in ('province', 'department')
group by code, unit_id
order by facts desc, code;
