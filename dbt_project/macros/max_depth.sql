{# Depth of the deepest unit that the cascade climbs from (the nation is 0). A test proves that no unit is deeper. #}
{% macro max_depth() -%}
    {{ return(8) }}
{%- endmacro %}
