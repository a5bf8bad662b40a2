{# Depth of the deepest unit that two paths of one tree share (the root is 0). #}
{% macro common_depth(one, other) -%}
    (
        select count(*) - 1
        from unnest({{ one }}) with ordinality as one (unit_id, position)
        inner join unnest({{ other }}) with ordinality as other (unit_id, position) using (position, unit_id)
    )
{%- endmacro %}
