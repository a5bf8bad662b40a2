-- The cells of one depth of the trees, from those one deeper: see dbt_project/macros/cascade.sql.
with

below as (

    select
        side,
        period,
        indicator,
        parent_unit_id as unit_id,
        sum(expected_units) as expected,
        sum(reporting_units) as reporting,
        count(*) filter (where expected_units > 0 or basis <> 'missing') as nodes,
        count(*) filter (where basis in ('complete', 'mixed', 'declared')) as whole,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        bool_or(basis in ('mixed', 'declared')) as is_mixed
    from preview_resolved
    where depth = %(depth)s + 1
    group by side, period, indicator, parent_unit_id

),

summed as (

    select
        cell.*,
        cell.own_expected + coalesce(below.expected, 0) as expected_units,
        cell.own_reporting + coalesce(below.reporting, 0) as reporting_below,
        cell.own_expected + coalesce(below.nodes, 0) as children,
        cell.own_reporting + coalesce(below.whole, 0) as whole_children,
        case
            when cell.own_numerator is not null or below.numerator is not null
                then coalesce(cell.own_numerator, 0) + coalesce(below.numerator, 0)
        end as numerator_below,
        case
            when cell.own_denominator is not null or below.denominator is not null
                then coalesce(cell.own_denominator, 0) + coalesce(below.denominator, 0)
        end as denominator_below,
        coalesce(below.is_mixed, false) as is_mixed_below
    from preview_cell as cell
    left join below using (side, period, indicator, unit_id)
    where cell.depth = %(depth)s

),

based as (

    select
        *,
        case
            when children > 0 and whole_children = children then case when is_mixed_below then 'mixed' else 'complete' end
            when has_declaration then 'declared'
            when numerator_below is not null then 'partial'
            else 'missing'
        end as basis
    from summed

)

insert into preview_resolved
select
    side,
    period,
    indicator,
    unit_id,
    parent_unit_id,
    depth,
    basis,
    case when basis = 'declared' then declared_numerator else numerator_below end,
    case when basis = 'declared' then declared_denominator else denominator_below end,
    case when basis = 'declared' then expected_units else reporting_below end,
    expected_units
from based;

analyze preview_resolved;
