{#- How a night's working relations are made. dbt's own way keeps the old relation aside under another name until the new
    one is there, six statements a node, so that readers always find one. Nobody reads these beside the night itself, which
    is one at a time: the old one is dropped and the new one made in one statement and one transaction. -#}

{% materialization table, adapter='postgres' %}
    {{ return(made_anew('table')) }}
{% endmaterialization %}


{% materialization view, adapter='postgres' %}
    {{ return(made_anew('view')) }}
{% endmaterialization %}


{% macro made_anew(kind) %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set made = this.incorporate(type=kind) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('main') -%}
        {% if existing is not none -%}
            drop {{ existing.type }} if exists {{ existing }} cascade;
        {%- endif %}
        {{ get_create_table_as_sql(False, made, sql) if kind == 'table' else get_create_view_as_sql(made, sql) }}
    {%- endcall %}

    {% if kind == 'table' %}{% do create_indexes(made) %}{% endif %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(made, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [made]}) }}
{% endmacro %}
