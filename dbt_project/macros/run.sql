{# The night that holds the lease: everything it reads is scoped by it. One run at most is running. #}
{% macro running_run_id() -%}
    (select run_id from {{ source('ops', 'run') }} where status = 'running')
{%- endmacro %}

{# The day whose territorial tree every period is restated on. #}
{% macro running_tree_on() -%}
    (select tree_on from {{ source('ops', 'run') }} where status = 'running')
{%- endmacro %}
