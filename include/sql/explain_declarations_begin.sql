-- N01, D05: the declarations that are not the sum, and every unit directly below with what it counts in it.
drop table if exists pg_temp.declared, pg_temp.once_below, pg_temp.below, pg_temp.counting, pg_temp.away, pg_temp.child;

create temporary table declared as
select
    finding.finding_id,
    compared.period,
    compared.unit_id,
    compared.indicator,
    compared.measure,
    compared.declared,
    compared.computed,
    compared.imbalance
from quality.run_finding as finding
inner join intermediate.int_declaration_compared as compared
    on
        finding.period = compared.period
        and finding.unit_id = compared.unit_id
        and finding.indicator = compared.indicator
        and case finding.rule when 'N01' then 'numerator' else 'denominator' end = compared.measure
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.rule in ('N01', 'D05');
analyze pg_temp.declared;

-- Who once stood directly below, or under a unit that did, and stands elsewhere at the period's end.
create temporary table once_below as
select
    declared.finding_id,
    unit.unit_id,
    unit.code,
    max(upper(before.valid)) as left_on
from reference.org_unit as before
inner join reference.org_unit as above
    on
        before.parent_unit_id = above.unit_id
        and above.valid @> upper(before.valid) - 1
cross join lateral unnest(array[above.unit_id, above.parent_unit_id]) as stood (under)
inner join pg_temp.declared as declared
    on
        stood.under = declared.unit_id
        and upper(before.valid) <= (to_date(declared.period, 'YYYY-MM') + interval '1 month')::date
inner join intermediate.int_unit_hierarchized as unit
    on
        declared.period = unit.period
        and before.unit_id = unit.unit_id
        and declared.unit_id <> all(unit.path)
where unit.level <> 'province'
group by declared.finding_id, unit.unit_id, unit.code;
analyze pg_temp.once_below;

-- Every unit that is asked for: directly below, reporters, then nodes of the tree; and whoever once was.
create temporary table below as
select
    declared.finding_id,
    declared.period,
    declared.indicator,
    declared.measure,
    declared.imbalance,
    child.unit_id,
    child.reporter_class,
    true as is_below
from pg_temp.declared as declared
inner join (
    select
        period,
        parent_unit_id,
        unit_id,
        reporter_class
    from intermediate.int_reporter_identified
    where is_topmost
    union all
    select
        period,
        parent_unit_id,
        unit_id,
        null
    from intermediate.int_unit_hierarchized
) as child
    on
        declared.period = child.period
        and declared.unit_id = child.parent_unit_id

union all

select
    declared.finding_id,
    declared.period,
    declared.indicator,
    declared.measure,
    declared.imbalance,
    once_below.unit_id,
    null,
    false
from pg_temp.declared as declared
inner join pg_temp.once_below as once_below on declared.finding_id = once_below.finding_id;
analyze pg_temp.below;

-- What these units count in a sum: figures that stand, then cells; of the provinces that the night leaves alone what was
-- published.
create temporary table counting as
select
    figure.period,
    figure.indicator,
    figure.unit_id,
    figure.reporter_class,
    figure.mark,
    figure.numerator,
    figure.summed_denominator as denominator
from intermediate.int_observation_cleared as figure
where
    figure.is_usable
    and figure.indicator = any(array(select distinct indicator from pg_temp.declared))  -- sparing most of what is withheld
    and (figure.period, figure.indicator, figure.unit_id) in (select period, indicator, unit_id from pg_temp.below)

union all

select
    figure.period,
    figure.indicator,
    figure.unit_id,
    figure.reporter_class,
    figure.mark,
    figure.numerator,
    figure.summed_denominator
from staging.stg_store__observation as figure
where
    figure.is_usable
    and (figure.period, figure.indicator, figure.unit_id) in (select period, indicator, unit_id from pg_temp.below)

union all

select
    cell.period,
    cell.indicator,
    cell.unit_id,
    null,
    'reported',
    cell.numerator,
    cell.denominator
from intermediate.int_rollup_cascaded as cell
where (cell.period, cell.indicator, cell.unit_id) in (select period, indicator, unit_id from pg_temp.below)

union all

select
    cell.period,
    cell.indicator,
    cell.unit_id,
    null,
    'reported',
    cell.numerator,
    cell.denominator
from staging.stg_store__province_cell as cell
where (cell.period, cell.indicator, cell.unit_id) in (select period, indicator, unit_id from pg_temp.below);

-- Who stands elsewhere now may be under a province that the night leaves alone.
create temporary table away as
select distinct
    period,
    indicator,
    unit_id
from pg_temp.below
where not is_below;
analyze pg_temp.away;

insert into pg_temp.counting (period, indicator, unit_id, numerator, denominator)
select
    figure.period,
    figure.indicator,
    figure.unit_id,
    figure.numerator,
    figure.summed_denominator
from staging.stg_store__standing_observation as figure
where
    figure.is_usable
    and (figure.period, figure.indicator, figure.unit_id) in (select period, indicator, unit_id from pg_temp.away)
    and exists (select from pg_temp.away)

union all

select
    cell.period,
    cell.indicator,
    cell.unit_id,
    cell.numerator,
    cell.denominator
from staging.stg_store__standing_cell as cell
where
    (cell.period, cell.indicator, cell.unit_id) in (select period, indicator, unit_id from pg_temp.away)
    and exists (select from pg_temp.away);
analyze pg_temp.counting;

-- Every unit directly below, with what it counts in the sum.
create temporary table child as
select
    below.finding_id,
    below.unit_id,
    counting.mark,
    case below.measure when 'numerator' then counting.numerator else counting.denominator end as amount,
    below.imbalance
from pg_temp.below as below
inner join pg_temp.counting as counting
    on
        below.period = counting.period
        and below.indicator = counting.indicator
        and below.unit_id = counting.unit_id
        and below.reporter_class is not distinct from counting.reporter_class
where below.is_below;
analyze pg_temp.child;
