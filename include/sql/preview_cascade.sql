-- The published observations on both trees, and the cells of the cascade (dbt_project/macros/cascade.sql) that wait for
-- their sums: preview_level.sql fills them, the deepest first. Reads the tables of preview_trees.sql.
create temporary table preview_observed on commit drop as
select
    period.era,
    observation.period,
    tree.side,
    catalogue.indicator,
    catalogue.kind,
    catalogue.reported_by as reporter_class,
    observation.unit_id,
    observation.scope,
    observation.mark,
    observation.numerator,
    case when catalogue.kind = 'ratio' then observation.denominator end as denominator,
    observation.is_counted as is_usable,
    -- A declaration that was set aside after the cascade counted in it.
    observation.is_withheld and not observation.is_counted as is_withheld
from marts.fct_observation as observation
inner join preview_period as period using (period)
inner join reference.indicator as catalogue
    on
        observation.indicator = catalogue.indicator
        and 'territorial' = any(catalogue.hierarchies)
inner join preview_tree as tree
    on
        period.era = tree.era
        and observation.unit_id = tree.unit_id
-- A sender speaks for itself and the units under it: what it says of a unit that stands elsewhere is kept aside (S05).
where
    tree.side = 'before'
    or observation.sender_unit_id is null
    or observation.sender_unit_id = any(tree.path);

analyze preview_observed;

create temporary table preview_declared on commit drop as
select
    period,
    side,
    indicator,
    unit_id,
    mark,
    numerator,
    denominator,
    is_usable,
    is_withheld
from preview_observed
where scope = 'total';

create index on preview_declared (period, side, indicator, unit_id);
analyze preview_declared;

-- What the reporters directly under a unit say, in one row.
create temporary table preview_below on commit drop as
select
    observed.period,
    observed.side,
    observed.indicator,
    speaker.above[1] as parent_unit_id,
    count(*) filter (where observed.mark = 'not_applicable' and not observed.is_withheld) as not_applicable,
    count(*) filter (where observed.is_usable) as reporting,
    sum(observed.numerator) filter (where observed.is_usable) as numerator,
    sum(observed.denominator) filter (where observed.is_usable) as denominator
from preview_observed as observed
inner join preview_speaker as speaker
    on
        observed.era = speaker.era
        and observed.side = speaker.side
        and observed.reporter_class = speaker.reporter_class
        and observed.unit_id = speaker.unit_id
where
    speaker.is_reporter
    and speaker.is_topmost
group by observed.period, observed.side, observed.indicator, speaker.above[1];

create unique index on preview_below (period, side, indicator, parent_unit_id);
analyze preview_below;

-- Units above reporters.
create temporary table preview_node on commit drop as
select
    speaker.era,
    speaker.side,
    speaker.reporter_class,
    ancestor.unit_id,
    bool_or(not speaker.is_reporter and ancestor.unit_id = speaker.unit_id) as is_declarer,
    count(*) filter (where speaker.is_reporter and ancestor.position = 1) as direct_reporters
from preview_speaker as speaker
cross join lateral unnest(speaker.above) with ordinality as ancestor (unit_id, position)
where speaker.is_topmost
group by speaker.era, speaker.side, speaker.reporter_class, ancestor.unit_id;

analyze preview_node;

create temporary table preview_stated on commit drop as
select distinct
    era,
    period,
    indicator,
    kind,
    reporter_class
from preview_observed
where side = 'before';

analyze preview_stated;

create temporary table preview_cell on commit drop as
select
    node.side,
    stated.period,
    stated.indicator,
    node.unit_id,
    tree.path[2] as parent_unit_id,
    cardinality(tree.path) as depth,
    case
        when node.is_declarer then (declared.mark is distinct from 'not_applicable' or declared.is_withheld)::int
        else node.direct_reporters - coalesce(below.not_applicable, 0)
    end as own_expected,
    coalesce(below.reporting, 0) as own_reporting,
    below.numerator as own_numerator,
    below.denominator as own_denominator,
    coalesce(declared.is_usable, false) as has_declaration,
    declared.numerator as declared_numerator,
    declared.denominator as declared_denominator
from preview_node as node
inner join preview_stated as stated
    on
        node.era = stated.era
        and node.reporter_class = stated.reporter_class
inner join preview_tree as tree
    on
        node.era = tree.era
        and node.side = tree.side
        and node.unit_id = tree.unit_id
left join preview_below as below
    on
        stated.period = below.period
        and node.side = below.side
        and stated.indicator = below.indicator
        and node.unit_id = below.parent_unit_id
left join preview_declared as declared
    on
        stated.period = declared.period
        and node.side = declared.side
        and stated.indicator = declared.indicator
        and node.unit_id = declared.unit_id;

create index on preview_cell (depth);
analyze preview_cell;

create temporary table preview_resolved (
    side            text not null,
    period          text not null,
    indicator       text not null,
    unit_id         text not null,
    parent_unit_id  text,
    depth           integer not null,
    basis           text not null,
    numerator       numeric,
    denominator     numeric,
    reporting_units bigint not null,
    expected_units  bigint not null
) on commit drop;
