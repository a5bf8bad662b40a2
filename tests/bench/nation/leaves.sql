-- Of the shortest SQL that gives the same roll-up from typed rows, the first half: each grassroots unit's own figures.
-- PostgreSQL and DuckDB run it word for word.

create table rollup as
select
    statement.period,
    unit.unit_id,
    statement.indicator,
    statement.numerator,
    statement.denominator,
    statement.numerator * 1.0 / nullif(statement.denominator, 0) as rate,
    1 as reporting_units,
    1 as expected_units
from statement
inner join unit on statement.unit_code = unit.unit_code;
