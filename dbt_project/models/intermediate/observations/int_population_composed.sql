{{ config(post_hook='analyze {{ this }}') }}

{#- The sum of a population's parts, where each is known: what the register or a return counts, else the sum of its own
    parts, else what is agreed. Parts before wholes, so a sum may stand on a sum. -#}

with

parts as not materialized (

    select
        period,
        population,
        depth,
        cardinality(composed_of) as parts,
        unnest(composed_of) as part
    from {{ ref('int_population_defined') }}

),

firsts as not materialized (

    select * from {{ ref('int_population_claimed') }}
    where is_first

),

known_0 as not materialized (

    select
        period,
        unit_id,
        population,
        amount
    from firsts
    where depth = 0

),

{% for depth in range(1, composition_depth() + 1) -%}
composed_{{ depth }} as (

    select
        parts.period,
        part.unit_id,
        parts.population,
        sum(part.amount)::bigint as amount
    from parts
    inner join (
        {% for below in range(depth) -%}
        select * from known_{{ below }}{{ " union all " if not loop.last }}
        {%- endfor %}
    ) as part
        on
            parts.period = part.period
            and parts.part = part.population
    where parts.depth = {{ depth }}
    group by parts.period, part.unit_id, parts.population, parts.parts
    having count(*) = parts.parts

),

{% if not loop.last -%}
known_{{ depth }} as (

    select
        period,
        unit_id,
        population,
        case
            when firsts.source in ('register', 'return') then firsts.amount
            else coalesce(composed.amount, firsts.amount)
        end as amount
    from (select * from firsts where depth = {{ depth }}) as firsts
    full join composed_{{ depth }} as composed using (period, unit_id, population)

),

{% endif -%}
{% endfor -%}
final as (

    {% for depth in range(1, composition_depth() + 1) -%}
    select * from composed_{{ depth }}{{ " union all" if not loop.last }}
    {% endfor %}
)

select * from final
