-- The published periods in which the proposed register has another tree than the present one, and both trees in each of
-- their eras (an era: periods between whose last days no unit changes). Reads preview_unit, which the caller has filled.
create index on preview_unit (side, parent_unit_id);
create index on preview_unit (unit_id);
analyze preview_unit;

create temporary table preview_period on commit drop as
with

boundaries as (

    select distinct lower(valid) as day
    from preview_unit
    where lower(valid) is not null
    union
    select distinct upper(valid)
    from preview_unit
    where upper(valid) is not null

),

placed as (

    select
        period.period,
        period.last_day,
        (select max(boundaries.day) from boundaries where boundaries.day <= period.last_day) as since
    from marts.dim_period as period

)

select
    period,
    last_day,
    min(last_day) over (partition by since) as era
from placed;

-- Units that stand elsewhere, are something else or are there in one of the registers only; names and codes move nothing.
create temporary table preview_moved on commit drop as
select
    era.era,
    unit.unit_id
from (select distinct era from preview_period) as era
inner join preview_unit as unit on unit.valid @> era.era
group by era.era, unit.unit_id
having
    count(*) <> 2
    or min(unit.parent_unit_id) is distinct from max(unit.parent_unit_id)
    or min(unit.type) <> max(unit.type)
    or min(unit.level) <> max(unit.level);

delete from preview_period
where era not in (select era from preview_moved);
analyze preview_period;

create temporary table preview_tree on commit drop as
with recursive

climbed as (

    select
        era.era,
        unit.side,
        unit.unit_id,
        unit.type,
        unit.level,
        null::text as parent_level,
        array[unit.unit_id] as path
    from (select distinct era from preview_period) as era
    inner join preview_unit as unit on unit.valid @> era.era
    where unit.parent_unit_id is null

    union all

    select
        parent.era,
        parent.side,
        unit.unit_id,
        unit.type,
        unit.level,
        parent.level,
        unit.unit_id || parent.path
    from climbed as parent
    inner join preview_unit as unit
        on
            parent.side = unit.side
            and parent.unit_id = unit.parent_unit_id
            and unit.valid @> parent.era

)

select * from climbed;

create unique index on preview_tree (era, side, unit_id);
analyze preview_tree;

-- Units whose own figure may come or go: all others stand and report as before.
create temporary table preview_turned on commit drop as
select
    era,
    unit_id
from preview_tree
group by era, unit_id
having
    count(*) <> 2
    or min(path) <> max(path)
    or min(type) <> max(type)
    or min(parent_level) <> max(parent_level);

analyze preview_turned;

-- Reporters, and every unit at or above each. Tables of their own, with statistics: joined to itself without them, the
-- planner may go through a hundred thousand rows one by one.
create temporary table preview_listed on commit drop as
select
    tree.era,
    tree.side,
    reporter.reporter as reporter_class,
    tree.unit_id,
    tree.path
from preview_tree as tree
inner join reference.reporter as reporter
    on
        tree.type = any(reporter.unit_types)
        and (reporter.parent_level is null or tree.parent_level = reporter.parent_level);

create unique index on preview_listed (era, side, reporter_class, unit_id);
analyze preview_listed;

create temporary table preview_above on commit drop as
select
    listed.era,
    listed.side,
    listed.reporter_class,
    listed.unit_id,
    ancestor.unit_id as ancestor_unit_id
from preview_listed as listed
cross join lateral unnest(listed.path) as ancestor (unit_id);

create index on preview_above (era, side, reporter_class, ancestor_unit_id);
analyze preview_above;

-- Who is expected to say: reporters (the topmost of them count in sums), and provinces that declare for want of any.
create temporary table preview_speaker on commit drop as
with

overshadowed as (

    select distinct
        above.era,
        above.side,
        above.reporter_class,
        above.unit_id
    from preview_above as above
    inner join preview_listed as listed
        on
            above.era = listed.era
            and above.side = listed.side
            and above.reporter_class = listed.reporter_class
            and above.ancestor_unit_id = listed.unit_id
    where above.unit_id <> above.ancestor_unit_id

),

declarers as (

    select
        tree.era,
        tree.side,
        reporter.reporter as reporter_class,
        tree.unit_id,
        tree.path
    from preview_tree as tree
    cross join reference.reporter as reporter
    where
        tree.level = 'province'
        and not exists (
            select 1
            from preview_above as above
            where
                above.era = tree.era
                and above.side = tree.side
                and above.reporter_class = reporter.reporter
                and above.ancestor_unit_id = tree.unit_id
        )

)

select
    listed.era,
    listed.side,
    listed.reporter_class,
    listed.unit_id,
    true as is_reporter,
    overshadowed.unit_id is null as is_topmost,
    listed.path[2:] as above
from preview_listed as listed
left join overshadowed using (era, side, reporter_class, unit_id)
union all
select
    era,
    side,
    reporter_class,
    unit_id,
    false,
    true,
    path
from declarers;

create index on preview_speaker (era, side, unit_id, reporter_class);
analyze preview_speaker;
