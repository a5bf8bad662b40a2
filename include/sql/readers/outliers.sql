-- marts.outliers(period): cells far from the unit's own history, or from its peers, by medians and median absolute
-- deviations (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993), which a few wrong figures do not move. It is
-- information: most outliers are true, so nothing is withheld and nothing is a finding. Only whole cells above the
-- grassroots are looked at; a rate is given the play that its own denominator leaves it (of 1 unit, 0 or 1 says nothing).
create or replace function store.median_of_others(sorted double precision[], place bigint) returns double precision
language sql immutable set search_path = '' as $$
select low + (high - low) * (((cardinality($1) - 2) % 2)::double precision / 2)
from (
    select
        $1[at.low + 1 + (at.low + 1 >= $2)::integer] as low,
        $1[at.high + 1 + (at.high + 1 >= $2)::integer] as high
    from (select (cardinality($1) - 2) / 2 as low, (cardinality($1) - 1) / 2 as high) as at
) as middle
$$;
comment on function store.median_of_others(double precision[], bigint) is
    'The median of sorted values (two or more) without the one in a place, the first being 1';
revoke execute on function store.median_of_others(double precision[], bigint) from public;

create or replace function marts.outliers(period text)
returns table (
    unit_id text, unit_code text, unit_name text, level text, indicator text, beside text, actual numeric, typical numeric,
    distance numeric, compared_with integer, said_vi text, said_en text
)
language sql stable security definer rows 100 set search_path = '' set enable_nestloop = off as $$
with

asked as (
    select known.period_key, known.period, known.last_day
    from store.period_key as known
    where known.period = outliers.period
),

periods as materialized (
    select known.period_key, known.period
    from store.period_key as known
    cross join asked
    where known.period <= asked.period and known.last_day > asked.last_day - interval '24 months'
),

units as materialized (
    select unit.unit_key, key.unit_id, unit.unit_code, unit.unit_name, unit.unit_type, unit.level
    from store.org_unit as unit
    inner join store.unit_key as key using (unit_key)
    cross join asked
    where
        unit.last_release is null
        and unit.level <> 'grassroots'
        and (unit.valid_from is null or unit.valid_from <= asked.last_day)
        and (unit.valid_to is null or unit.valid_to > asked.last_day)
),

indicators as materialized (
    select key.indicator_key, known.indicator, known.kind, known.is_cumulative, known.may_exceed_one
    from store.indicator as known
    inner join store.indicator_key as key using (indicator)
    where known.last_release is null
),

cells as (
    select rollup.period_key, rollup.unit_key, rollup.indicator_key, rollup.numerator, rollup.denominator
    from store.rollup as rollup
    where
        rollup.last_release is null
        and rollup.period_key = any(array(select periods.period_key from periods))
        and rollup.basis::text in ('own', 'complete', 'mixed', 'declared')

    union all

    select observation.period_key, observation.unit_key, observation.indicator_key, observation.numerator,
        observation.denominator
    from store.observation as observation
    where
        observation.last_release is null
        and observation.is_reporter
        and observation.is_counted
        and observation.period_key = any(array(select periods.period_key from periods))
        and observation.indicator_key = any(array(select indicators.indicator_key from indicators))
        and observation.unit_key = any(array(select units.unit_key from units))
),

-- Of a cumulative count what was added since the period before, in logarithms, as of any count.
measured as materialized (
    select
        cell.unit_key,
        cell.indicator_key,
        periods.period = asked.period as is_asked,
        indicators.kind,
        cell.denominator,
        cell.numerator as counted,
        case
            when indicators.kind = 'ratio' then cell.numerator::float8 / nullif(cell.denominator, 0)
            else ln(1 + greatest(0, cell.numerator - case when indicators.is_cumulative then coalesce(lag(cell.numerator)
                over (partition by cell.unit_key, cell.indicator_key order by periods.period), 0) else 0 end))
        end as value,
        not indicators.may_exceed_one as is_share
    from cells as cell
    inner join periods using (period_key)
    inner join indicators using (indicator_key)
    inner join units using (unit_key)
    cross join asked
),

-- A cell of the period beside the earlier ones of its unit.
history as (
    select own.unit_key, own.indicator_key, other.value, other.counted, other.denominator
    from measured as own
    inner join measured as other
        on own.unit_key = other.unit_key and own.indicator_key = other.indicator_key and not other.is_asked
    where own.is_asked and other.value is not null
),

middles as (
    select
        history.unit_key, history.indicator_key, count(*) as others,
        percentile_cont(0.5) within group (order by history.value) as middle,
        (sum(history.counted) + 1.0) / (sum(history.denominator) + 2.0) as pooled
    from history
    group by history.unit_key, history.indicator_key
    having count(*) >= 4
),

-- And beside the others of its kind. Laid beside one another seven hundred districts would be half a million pairs an
-- indicator; the others' median is read from all of them in order, and so few medians are met that deviations are sorted once
-- for each.
peers as materialized (
    select
        unit.level, unit.unit_type, own.indicator_key, own.unit_key, own.value, own.counted, own.denominator,
        row_number() over (kind order by own.value, own.unit_key) as place
    from measured as own
    inner join units as unit using (unit_key)
    where own.is_asked and own.kind = 'ratio' and own.value is not null
    window kind as (partition by unit.level, unit.unit_type, own.indicator_key)
),

kinds as materialized (
    select
        peers.level, peers.unit_type, peers.indicator_key, array_agg(peers.value order by peers.place) as sorted,
        count(*) - 1 as others, sum(peers.counted) as counted, sum(peers.denominator) as denominator
    from peers
    group by peers.level, peers.unit_type, peers.indicator_key
    having count(*) > 8
),

beside_others as materialized (
    select
        peers.*, kinds.others, store.median_of_others(kinds.sorted, peers.place) as middle,
        (kinds.counted - peers.counted + 1.0) / (kinds.denominator - peers.denominator + 2.0) as pooled
    from peers
    inner join kinds using (level, unit_type, indicator_key)
),

deviations as materialized (
    select met.level, met.unit_type, met.indicator_key, met.middle, deviation.sorted
    from (
        select distinct each.level, each.unit_type, each.indicator_key, each.middle from beside_others as each
    ) as met
    inner join kinds using (level, unit_type, indicator_key)
    cross join lateral (
        select array_agg(abs(each.value - met.middle) order by abs(each.value - met.middle)) as sorted
        from unnest(kinds.sorted) as each (value)
    ) as deviation
),

spreads as (
    select
        'history' as beside, middles.unit_key, middles.indicator_key, middles.others, middles.middle, middles.pooled,
        1.4826 * percentile_cont(0.5) within group (order by abs(history.value - middles.middle)) as spread
    from middles
    inner join history using (unit_key, indicator_key)
    group by middles.unit_key, middles.indicator_key, middles.others, middles.middle, middles.pooled

    union all

    select
        'peers', own.unit_key, own.indicator_key, own.others, own.middle, own.pooled,
        1.4826 * store.median_of_others(deviations.sorted, array_position(deviations.sorted, abs(own.value - own.middle)))
    from beside_others as own
    inner join deviations using (level, unit_type, indicator_key, middle)
),

far as (
    select
        spreads.beside, spreads.unit_key, spreads.indicator_key, spreads.others, spreads.middle, measured.value,
        measured.kind,
        abs(measured.value - spreads.middle) / sqrt(spreads.spread ^ 2 + case
            when measured.kind <> 'ratio' then 1 / (1 + exp(spreads.middle))
            when measured.is_share then greatest(spreads.pooled * (1 - spreads.pooled), 0.0001) / measured.denominator
            else spreads.pooled / measured.denominator
        end) as distance
    from spreads
    inner join measured using (unit_key, indicator_key)
    where
        measured.is_asked
        and abs(measured.value - spreads.middle) >= case measured.kind when 'ratio' then 0.1 else ln(2) end
)

select
    units.unit_id,
    units.unit_code,
    units.unit_name,
    units.level,
    indicators.indicator,
    far.beside,
    shown.actual,
    shown.typical,
    round(far.distance::numeric, 1),
    far.others::integer,
    format(
        case far.beside
            when 'history' then '%s so với thường là %s trong %s kỳ trước của chính đơn vị: cách %s lần độ phân tán.'
            else '%s so với thường là %s ở %s đơn vị cùng loại: cách %s lần độ phân tán.'
        end,
        shown.actual, shown.typical, far.others, round(far.distance::numeric, 1)),
    format(
        case far.beside
            when 'history' then '%s, where %s is typical of the unit''s own %s earlier periods: %s spreads away.'
            else '%s, where %s is typical of %s units of its kind: %s spreads away.'
        end,
        shown.actual, shown.typical, far.others, round(far.distance::numeric, 1))
from far
inner join units using (unit_key)
inner join indicators using (indicator_key)
cross join lateral (
    select
        round((case far.kind when 'ratio' then far.value else exp(far.value) - 1 end)::numeric, 4) as actual,
        round((case far.kind when 'ratio' then far.middle else exp(far.middle) - 1 end)::numeric, 4) as typical
) as shown
where far.distance >= 6
order by far.distance desc, units.unit_id, indicators.indicator, far.beside
$$;
revoke execute on function marts.outliers(text) from public;
grant execute on function marts.outliers(text) to tonghop_analyst, tonghop_steward, tonghop_builder;
comment on function marts.outliers(text) is
    'Cells of a period far from the unit''s own last two years (at least 4 figures) or from at least 8 units of its kind: six robust spreads or more. Of a count: what the period added. Information, no finding';
