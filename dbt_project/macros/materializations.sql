{#- How a night's working relations are made. dbt's own way keeps the old relation aside under another name until the new
    one is there, six statements a node, so that readers always find one. Nobody reads these beside the night itself, which
    is one at a time: the old one is dropped and the new one made in one statement and one transaction. -#}

{% materialization table, adapter='postgres' %}
    {{ return(made_anew('table')) }}
{% endmaterialization %}


{% materialization view, adapter='postgres' %}
    {{ return(made_anew('view')) }}
{% endmaterialization %}


{#- A node sends what makes its relation (of which dbt keeps the number of rows), what is done to the relation then, and its
    commit: three statements. Of most nodes what dbt does around a statement takes longer than the statement. -#}
{% macro made_anew(kind) %}
    {%- set made = this.incorporate(type=kind) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}

    {% call statement('main') -%}
        {{ hooks_within(pre_hooks) }}
        {{ drop_standing(this) }}
        {{ get_create_table_as_sql(False, made, sql) if kind == 'table' else get_create_view_as_sql(made, sql) }}
    {%- endcall %}

    {%- set finishing -%}
        {% if kind == 'table' %}{{ indexes_of(made) }}{% endif %}
        {{ hooks_within(post_hooks) }}
        {{ comments_on(made) }}
    {%- endset %}
    {% if finishing | trim %}
        {% call statement('finishing') %}{{ finishing }}{% endcall %}
    {% endif %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [made]}) }}
{% endmacro %}


{#- Drops what stands under a name, table or view, as the database's own catalogue has it. dbt's cache is not asked: a thread
    that fills it for a schema lets the other one read it when it is half full (docs/decisions/0037). -#}
{% macro drop_standing(relation) -%}
    do $drop$
    declare
        standing record;
    begin
        for standing in
            select oid::regclass as name, case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind
            from pg_class
            where oid = to_regclass('{{ relation.include(database=False) }}')
        loop
            execute format('drop %s %s cascade', standing.kind, standing.name);
        end loop;
    end
    $drop$;
{%- endmacro %}


{#- The hooks that belong into a node's transaction (all but those that say otherwise), as SQL. -#}
{% macro hooks_within(hooks) %}
    {%- for hook in hooks | selectattr('transaction', 'equalto', True) -%}
        {{ render(hook.get('sql')) }};
    {% endfor -%}
{% endmacro %}


{% macro indexes_of(relation) %}
    {%- for index in config.get('indexes', default=[]) -%}
        {{ get_create_index_sql(relation, index) }};
    {% endfor -%}
{% endmacro %}


{#- What dbt's persist_docs would write. It would ask twice which columns there are; a contract has said so already. -#}
{% macro comments_on(relation) %}
    {%- if config.persist_relation_docs() and model.description -%}
        {{ alter_relation_comment(relation, model.description) }}
    {% endif -%}
    {%- if config.persist_column_docs() -%}
        {%- for name, column in model.columns.items() -%}
            comment on column {{ relation }}.{{ adapter.quote(name) if column.quote else name }}
            is {{ postgres_escape_comment(column.description) }};
        {% endfor -%}
    {%- endif -%}
{% endmacro %}
