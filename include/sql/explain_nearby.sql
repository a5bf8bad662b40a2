-- The ratios of the units in which figures do not fit one another, and nothing of them that no cause is sought in; of a
-- unit whose complements do not make a whole, its counts too. One pass over the night's figures.
drop table if exists pg_temp.nearby;

create temporary table nearby as
select
    compared.period,
    compared.unit_id,
    compared.indicator,
    compared.scope,
    compared.population,
    compared.is_nested,
    compared.numerator,
    compared.denominator,
    compared.ledger_count,
    compared.exact_percent,
    compared.stated_percent,
    compared.stated_rate_text,
    compared.rate_decimals
from intermediate.int_observation_compared as compared
inner join (
    select
        period,
        unit_id,
        bool_or(rule = 'N05') as has_complements
    from quality.run_finding
    where
        run_id = current_setting('tonghop.run_id')
        and rule in ('D02', 'D03', 'D04', 'N05', 'R01', 'R03')
    group by period, unit_id
) as asked
    on
        compared.period = asked.period
        and compared.unit_id = asked.unit_id
where
    compared.denominator is not null
    or compared.stated_percent is not null
    or asked.has_complements;
analyze pg_temp.nearby;
