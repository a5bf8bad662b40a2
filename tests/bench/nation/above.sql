-- The second half: every level above, from the one below it, with its rate, who reported and who was expected.

insert into rollup
with

district as (
    select
        statement.period,
        statement.indicator,
        unit.district_id as unit_id,
        unit.province_id as parent_id,
        sum(statement.numerator) as numerator,
        sum(statement.denominator) as denominator,
        count(*) as reporting_units
    from statement
    inner join unit on statement.unit_code = unit.unit_code
    group by statement.period, statement.indicator, unit.district_id, unit.province_id
),

province as (
    select
        district.period,
        district.indicator,
        district.parent_id as unit_id,
        above.department_id as parent_id,
        sum(district.numerator) as numerator,
        sum(district.denominator) as denominator,
        sum(district.reporting_units) as reporting_units
    from district
    inner join (select distinct province_id, department_id from unit) as above on district.parent_id = above.province_id
    group by district.period, district.indicator, district.parent_id, above.department_id
),

department as (
    select
        period,
        indicator,
        parent_id as unit_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(reporting_units) as reporting_units
    from province
    group by period, indicator, parent_id
),

nation as (
    select
        period,
        indicator,
        'VN' as unit_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(reporting_units) as reporting_units
    from department
    group by period, indicator
),

figures as (
    select period, unit_id, indicator, numerator, denominator, reporting_units from district
    union all
    select period, unit_id, indicator, numerator, denominator, reporting_units from province
    union all
    select period, unit_id, indicator, numerator, denominator, reporting_units from department
    union all
    select period, unit_id, indicator, numerator, denominator, reporting_units from nation
),

expected as (
    select district_id as unit_id, count(*) as units from unit group by district_id
    union all
    select province_id, count(*) from unit group by province_id
    union all
    select department_id, count(*) from unit group by department_id
    union all
    select 'VN', count(*) from unit
)

select
    figures.period,
    figures.unit_id,
    figures.indicator,
    figures.numerator,
    figures.denominator,
    figures.numerator * 1.0 / nullif(figures.denominator, 0) as rate,
    figures.reporting_units,
    expected.units
from figures
inner join expected on figures.unit_id = expected.unit_id;
