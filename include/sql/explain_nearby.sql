-- What causes are sought in, of the units in which figures do not fit one another: the figures that were found themselves,
-- what quotes a population that was found, the ratios beside a rate that fits none, and of a unit whose complements do not
-- make a whole its counts too. One pass over the night's figures.
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
        array_agg(indicator) filter (where rule <> 'D04') as indicators,
        array_agg(population) filter (where rule = 'D04') as populations,
        bool_or(rule = 'R01') as has_rates,
        bool_or(rule = 'N05') as has_complements
    from quality.run_finding
    where
        run_id = current_setting('tonghop.run_id')
        and rule in ('D01', 'D02', 'D03', 'D04', 'N05', 'R01', 'R03')
    group by unit_id, period  -- what differs most first: every comparison of a period is a long one
) as asked
    on
        compared.period = asked.period
        and compared.unit_id = asked.unit_id
where
    asked.has_complements
    or (
        compared.denominator > 0
        and (asked.has_rates or compared.population = any(asked.populations))
    )
    or (
        (compared.denominator is not null or compared.stated_percent is not null)
        and compared.indicator = any(asked.indicators)
    );
analyze pg_temp.nearby (period, unit_id, indicator, scope, population, denominator);
