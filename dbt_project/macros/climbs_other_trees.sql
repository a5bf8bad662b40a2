{# Whether any indicator climbs another tree than the territorial one: then the trees of the night's periods are laid out
   whole, though only some provinces are rebuilt. #}
{% macro climbs_other_trees() -%}
    (select exists (select 1 from {{ ref('stg_reference__indicator_hierarchy') }} where hierarchy <> 'territorial'))
{%- endmacro %}
