{# The night that holds the lease: everything it reads is scoped by it. One run at most is running. #}
{% macro running_run_id() -%}
    (select run_id from {{ source('ops', 'run') }} where status = 'running')
{%- endmacro %}
