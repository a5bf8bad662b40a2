{# The one place where a dated row is matched with a day: intervals are half-open. #}
{% macro as_of(valid, day) -%}
    {{ valid }} @> {{ day }}
{%- endmacro %}
