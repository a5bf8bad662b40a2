{# The cascade: one row per unit above its reporters, indicator and period: the sum of its children, or its own
   declaration, level by level, deepest first. Cells with nothing have no row in the end, but for the provinces': what is
   above them needs to know, on other nights too, how many were expected there.

   nodes, reporters, ledger: relations of one tree (the territorial one), or of several with a column `hierarchy`.
   Provinces that the night leaves alone enter the territorial tree with their published cells; other trees with what their
   units published. #}
{% macro cascade(nodes, reporters, ledger, hierarchy=false) -%}
{%- set node_hierarchy = 'node.hierarchy' if hierarchy else "'territorial'::text" -%}
{%- set reporter_hierarchy = 'reporter.hierarchy' if hierarchy else "'territorial'::text" -%}
with

observations as not materialized (

    select
        period, unit_id, indicator, reporter_class, fact_scope, is_reporter, mark, numerator, summed_denominator, is_usable,
        is_withheld
    from {{ ref('int_observation_cleared') }}
    union all
    select
        period, unit_id, indicator, reporter_class, fact_scope, is_reporter, mark, numerator, summed_denominator, is_usable,
        is_withheld
    from {{ ref('stg_store__observation') }}

),

-- What the reporters directly under a unit say, in one row.
reporters_below as (

    select
        observations.period,
        observations.indicator,
        {{ reporter_hierarchy }} as hierarchy,
        reporter.parent_unit_id,
        count(*) filter (
            where observations.mark = 'not_applicable' and not observations.is_withheld
        ) as not_applicable,
        count(*) filter (where observations.is_usable) as reporting,
        count(*) filter (where observations.is_withheld) as withheld,
        sum(observations.numerator) filter (where observations.is_usable) as numerator,
        sum(observations.summed_denominator) filter (where observations.is_usable) as denominator
    from observations
    inner join {{ reporters }} as reporter
        on
            observations.period = reporter.period
            and observations.unit_id = reporter.unit_id
            and observations.reporter_class = reporter.reporter_class
    where reporter.is_topmost
    group by observations.period, observations.indicator, {{ reporter_hierarchy }}, reporter.parent_unit_id

),

declarations as (

    select * from observations
    where
        fact_scope = 'total'
        and not is_reporter

),

frame as (

    select
        node.period,
        {{ node_hierarchy }} as hierarchy,
        indicator.indicator,
        indicator.kind,
        node.reporter_class,
        node.unit_id,
        node.parent_unit_id,
        node.depth,
        node.level = 'province' as is_province,
        node.is_declarer,
        -- A province with no registered reporter is expected itself, unless it says that this does not apply to it.
        case
            when node.is_declarer
                then (declarations.mark is distinct from 'not_applicable' or declarations.is_withheld)::int
            else node.direct_reporters - coalesce(reporters.not_applicable, 0)
        end as own_expected,
        coalesce(reporters.reporting, 0) as own_reporting,
        case
            when node.is_declarer then coalesce(declarations.is_withheld, false)::int
            else coalesce(reporters.withheld, 0)
        end as own_withheld,
        reporters.numerator as own_numerator,
        reporters.denominator as own_denominator,
        coalesce(declarations.is_usable, false) as has_declaration,
        case when declarations.is_usable then declarations.numerator end as declared_numerator,
        case when declarations.is_usable then declarations.summed_denominator end as declared_denominator
    from {{ nodes }} as node
    inner join {{ ref('stg_reference__indicator') }} as indicator on node.reporter_class = indicator.reporter_class
    {% if hierarchy -%}
    inner join {{ ref('stg_reference__indicator_hierarchy') }} as climbing
        on
            indicator.indicator = climbing.indicator
            and node.hierarchy = climbing.hierarchy
    {% endif -%}
    left join reporters_below as reporters
        on
            node.period = reporters.period
            and {{ node_hierarchy }} = reporters.hierarchy
            and node.unit_id = reporters.parent_unit_id
            and indicator.indicator = reporters.indicator
    left join declarations
        on
            node.period = declarations.period
            and node.unit_id = declarations.unit_id
            and indicator.indicator = declarations.indicator
            {%- if hierarchy %}
            and node.is_intact  -- a declaration speaks for those under its unit in the territorial tree
            {%- endif %}
    where
        node.is_cascaded
        {%- if not hierarchy %}
        and node.is_rebuilt
        {%- endif %}

),

{% if not hierarchy -%}
published as (

    select
        cell.period,
        'territorial'::text as hierarchy,
        cell.indicator,
        unit.parent_unit_id,
        unit.depth,
        cell.expected_units,
        cell.reporting_units,
        cell.withheld_units,
        cell.basis,
        cell.numerator,
        cell.denominator
    from {{ ref('stg_store__province_cell') }} as cell
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            cell.period = unit.period
            and cell.unit_id = unit.unit_id

),

{% endif -%}
{% for depth in range(max_depth() - 1, -1, -1) -%}
summed_{{ depth }} as (

    select
        frame.*,
        frame.own_expected + {{ 'coalesce(nodes.expected, 0)' if not loop.first else '0' }} as expected_units,
        frame.own_reporting + {{ 'coalesce(nodes.reporting, 0)' if not loop.first else '0' }} as reporting_below,
        frame.own_withheld + {{ 'coalesce(nodes.withheld, 0)' if not loop.first else '0' }} as withheld_units,
        frame.own_expected + {{ 'coalesce(nodes.nodes, 0)' if not loop.first else '0' }} as children,
        frame.own_reporting + {{ 'coalesce(nodes.whole, 0)' if not loop.first else '0' }} as whole_children,
        {% if loop.first -%}
        frame.own_numerator as numerator_below,
        frame.own_denominator as denominator_below,
        false as is_mixed_below
    from frame
        {%- else -%}
        case
            when frame.own_numerator is not null or nodes.numerator is not null
                then coalesce(frame.own_numerator, 0) + coalesce(nodes.numerator, 0)
        end as numerator_below,
        case
            when frame.own_denominator is not null or nodes.denominator is not null
                then coalesce(frame.own_denominator, 0) + coalesce(nodes.denominator, 0)
        end as denominator_below,
        coalesce(nodes.is_mixed, false) as is_mixed_below
    from frame
    left join (
        select
            period,
            hierarchy,
            indicator,
            parent_unit_id,
            sum(expected_units) as expected,
            sum(reporting_units) as reporting,
            sum(withheld_units) as withheld,
            -- A child where all reporters say X is none, unless it declares a figure all the same.
            count(*) filter (where expected_units > 0 or basis <> 'missing') as nodes,
            count(*) filter (where basis in ('complete', 'mixed', 'declared')) as whole,
            sum(numerator) as numerator,
            sum(denominator) as denominator,
            bool_or(basis in ('mixed', 'declared')) as is_mixed
        from (
            select
                period, hierarchy, indicator, parent_unit_id, expected_units, reporting_units, withheld_units, basis,
                numerator, denominator
            from resolved_{{ depth + 1 }}
            {%- if not hierarchy %}
            union all
            select
                period, hierarchy, indicator, parent_unit_id, expected_units, reporting_units, withheld_units, basis,
                numerator, denominator
            from published
            where depth = {{ depth + 1 }}
            {%- endif %}
        ) as child
        group by period, hierarchy, indicator, parent_unit_id
    ) as nodes
        on
            frame.period = nodes.period
            and frame.hierarchy = nodes.hierarchy
            and frame.indicator = nodes.indicator
            and frame.unit_id = nodes.parent_unit_id
        {%- endif %}
    where frame.depth = {{ depth }}

),

based_{{ depth }} as (

    select
        *,
        case
            when children > 0 and whole_children = children then case when is_mixed_below then 'mixed' else 'complete' end
            when has_declaration then 'declared'
            when numerator_below is not null then 'partial'
            else 'missing'
        end as basis
    from summed_{{ depth }}

),

resolved_{{ depth }} as materialized (

    select
        period,
        hierarchy,
        indicator,
        kind,
        reporter_class,
        unit_id,
        parent_unit_id,
        is_province,
        is_declarer,
        basis,
        case when basis = 'declared' then declared_numerator else numerator_below end::bigint as numerator,
        case when basis = 'declared' then declared_denominator else denominator_below end::bigint as denominator,
        case when basis = 'declared' then expected_units else reporting_below end::bigint as reporting_units,
        expected_units::bigint as expected_units,
        withheld_units::bigint as withheld_units,
        has_declaration,
        declared_numerator,
        declared_denominator,
        children > 0 and whole_children = children as are_children_whole,
        numerator_below::bigint as numerator_below,
        denominator_below::bigint as denominator_below
    from based_{{ depth }}

),

{% endfor -%}
cascaded as (

    {% for depth in range(max_depth()) -%}
    select * from resolved_{{ depth }}{{ " union all" if not loop.last }}
    {% endfor %}
),

-- The whole population of a nested ratio is the outer numerator, where that is whole.
populations as (

    select
        cascaded.period,
        cascaded.hierarchy,
        cascaded.indicator,
        cascaded.unit_id,
        indicator.may_exceed_one,
        case
            when indicator.nested_in is not null then case when outer_figure.basis <> 'partial' then outer_figure.numerator end
            else ledger.amount
        end as population_count
    from cascaded
    inner join {{ ref('stg_reference__indicator') }} as indicator
        on cascaded.indicator = indicator.indicator
    left join cascaded as outer_figure
        on
            cascaded.period = outer_figure.period
            and cascaded.hierarchy = outer_figure.hierarchy
            and cascaded.unit_id = outer_figure.unit_id
            and indicator.nested_in = outer_figure.indicator
            and outer_figure.basis <> 'missing'
    left join {{ ledger }} as ledger
        on
            cascaded.period = ledger.period
            and cascaded.unit_id = ledger.unit_id
            and cascaded.reporter_class = ledger.reporter_class
            and indicator.population = ledger.population
    where cascaded.basis = 'partial'

),

rated as (

    select
        cascaded.*,
        populations.population_count,
        populations.may_exceed_one,
        case when cascaded.kind = 'ratio' then {{ safe_ratio('cascaded.numerator', 'cascaded.denominator') }} end as rate
    from cascaded
    left join populations
        on
            cascaded.period = populations.period
            and cascaded.hierarchy = populations.hierarchy
            and cascaded.indicator = populations.indicator
            and cascaded.unit_id = populations.unit_id
    where
        cascaded.basis <> 'missing'
        {%- if not hierarchy %}
        or cascaded.is_province
        {%- endif %}

),

final as (

    select
        period,
        {% if hierarchy %}hierarchy,
        {% endif -%}
        indicator,
        kind,
        unit_id,
        parent_unit_id,
        is_province,
        is_declarer,
        basis,
        numerator,
        denominator,
        rate,
        case
            when kind <> 'ratio' then null
            when basis <> 'partial' then rate
            when denominator <= population_count then {{ safe_ratio('numerator', 'population_count') }}
        end as rate_low,
        case
            when kind <> 'ratio' then null
            when basis <> 'partial' then rate
            -- Where a ratio may exceed one, nothing bounds what those who did not report would say.
            when denominator <= population_count and may_exceed_one is not true
                then {{ safe_ratio('numerator + population_count - denominator', 'population_count') }}
        end as rate_high,
        reporting_units,
        expected_units,
        withheld_units,
        has_declaration,
        declared_numerator,
        declared_denominator,
        are_children_whole,
        numerator_below,
        denominator_below
    from rated

)

select * from final
{%- endmacro %}
