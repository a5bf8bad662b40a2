-- What the units with findings counted and stated in earlier periods: of those that the night rebuilds, tonight's; of those
-- that it leaves alone, what was published. A night that rebuilds everything says the same.
drop table if exists pg_temp.asked_before, pg_temp.counted_before, pg_temp.stated_before;

create temporary table asked_before as
select
    finding.unit_id,
    unit.unit_key,
    bool_or(finding.rule = 'N02') as has_parts
from quality.run_finding as finding
left join staging.stg_store__unit as unit on finding.unit_id = unit.unit_id
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.rule in ('D03', 'D04', 'D07', 'N02', 'R01', 'R03')
    and finding.unit_id is not null
group by finding.unit_id, unit.unit_key;
analyze pg_temp.asked_before;

create temporary table counted_before as
select
    period,
    unit_id,
    population,
    amount
from intermediate.int_population_counted
where unit_id in (select unit_id from pg_temp.asked_before)

union

select
    earlier.period_before,
    earlier.unit_id,
    earlier.population,
    earlier.amount
from staging.stg_store__earlier_count as earlier
where earlier.unit_key = any(array(select unit_key from pg_temp.asked_before));
analyze pg_temp.counted_before;

create temporary table stated_before as
select
    period,
    unit_id,
    indicator,
    scope,
    numerator
from intermediate.int_observation_related
where unit_id in (select unit_id from pg_temp.asked_before)

union

select
    earlier.period_before,
    earlier.unit_id,
    earlier.indicator,
    earlier.fact_scope,
    earlier.numerator
from staging.stg_store__earlier_observation as earlier
where
    earlier.period_key = any(array(select period_key_before from staging.stg_store__earlier_period))
    and earlier.indicator_key = any(array(
        select key.indicator_key
        from staging.stg_reference__indicator as inner_one
        inner join staging.stg_store__indicator as key on inner_one.nested_in = key.indicator
    ))
    and earlier.unit_key = any(array(select unit_key from pg_temp.asked_before))

union

-- Parts and wholes of those alone in which one was more than the other.
select
    earlier.period_before,
    earlier.unit_id,
    earlier.indicator,
    earlier.fact_scope,
    earlier.numerator
from staging.stg_store__earlier_observation as earlier
where
    earlier.period_key = any(array(select period_key_before from staging.stg_store__earlier_period))
    and earlier.indicator_key = any(array(
        select key.indicator_key
        from staging.stg_reference__indicator as part
        inner join staging.stg_store__indicator as key on key.indicator in (part.indicator, part.part_of)
        where part.indicator in (
            select indicator from quality.run_finding
            where
                run_id = current_setting('tonghop.run_id')
                and rule = 'N02'
        )
    ))
    and earlier.unit_key = any(array(select unit_key from pg_temp.asked_before where has_parts));
analyze pg_temp.stated_before;
