{# Numerator over denominator, divided once, last; null where there is nothing to divide by. #}
{% macro safe_ratio(numerator, denominator) -%}
    ({{ numerator }})::numeric / nullif({{ denominator }}, 0)
{%- endmacro %}
