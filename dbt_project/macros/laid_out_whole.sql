{# Whether any indicator climbs another tree than the territorial one: groupings cross provinces. #}
{% macro climbs_other_trees() -%}
    (select exists (select 1 from {{ ref('stg_reference__indicator_hierarchy') }} where hierarchy <> 'territorial'))
{%- endmacro %}

{# Whether the tree of a period is laid out whole, though only some provinces are rebuilt: where another tree needs it, and
   where the period is shown on today's tree, whose units cross the provinces of its day. #}
{% macro is_laid_out_whole(period) -%}
    (
        {{ climbs_other_trees() }}
        or {{ period }} in (
            select left_alone.period
            from {{ ref('stg_store__partition') }} as left_alone
            inner join {{ ref('int_period_restated') }} as restated on left_alone.period = restated.period
        )
    )
{%- endmacro %}
