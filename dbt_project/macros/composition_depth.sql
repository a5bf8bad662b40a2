{# How many compositions may stand one on another (provincial_unit on direct_committee on district_committee: two). #}
{% macro composition_depth() -%}
    {{ return(3) }}
{%- endmacro %}
