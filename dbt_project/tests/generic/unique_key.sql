{# The grain that a model's description promises: no two rows share the key. Nulls in a key are compared as equal. #}
{% test unique_key(model, columns) %}

    select
        {{ columns | join(', ') }},
        count(*) as rows_found
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1

{% endtest %}
