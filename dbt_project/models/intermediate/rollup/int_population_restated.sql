{{ config(
    indexes=[{'columns': ['period', 'unit_id', 'population', 'reporter_class'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

{#- D of a unit of today's tree: that of the units that are it today, if they are all of it; else the sum over its children
    of today, if each is known. -#}

with

pairs as (

    select distinct
        period,
        population,
        reporter_class
    from {{ ref('int_population_resolved') }}

),

-- Of provinces that the night leaves alone, what was published.
counts as not materialized (

    select
        period,
        unit_id,
        population,
        amount
    from {{ ref('int_population_counted') }}

    union all

    select
        period,
        unit_id,
        population,
        amount
    from {{ ref('stg_store__population') }}

),

-- A unit's own count stands for it whether or not it has reporters of the class under it.
known as (

    select
        era.period,
        predecessor.landing_unit_id as unit_id,
        pairs.population,
        pairs.reporter_class,
        sum(coalesce(ledger.amount, counted.amount)) as amount
    from {{ ref('int_unit_inherited') }} as predecessor
    inner join {{ ref('int_period_restated') }} as era on predecessor.era_period = era.era_period
    inner join pairs on era.period = pairs.period
    inner join {{ ref('int_expectation_counted') }} as needed
        on
            era.period = needed.period
            and pairs.reporter_class = needed.reporter_class
            and predecessor.landing_unit_id = needed.unit_id
    left join {{ ref('int_population_resolved') }} as ledger
        on
            era.period = ledger.period
            and predecessor.unit_id = ledger.unit_id
            and pairs.population = ledger.population
            and pairs.reporter_class = ledger.reporter_class
    left join counts as counted
        on
            era.period = counted.period
            and predecessor.unit_id = counted.unit_id
            and pairs.population = counted.population
    group by
        era.period, predecessor.landing_unit_id, pairs.population, pairs.reporter_class, predecessor.predecessors
    having count(coalesce(ledger.amount, counted.amount)) = predecessor.predecessors

),

frame as (

    select
        counted.period,
        counted.reporter_class,
        pairs.population,
        counted.unit_id,
        today.parent_unit_id,
        today.depth,
        counted.landed_here,
        counted.held_units,
        case when counted.is_inherited_whole and counted.held_units = 0 then known.amount end as own_amount
    from {{ ref('int_expectation_counted') }} as counted
    inner join pairs
        on
            counted.period = pairs.period
            and counted.reporter_class = pairs.reporter_class
    inner join {{ ref('int_unit_restated') }} as today on counted.unit_id = today.unit_id
    left join known
        on
            counted.period = known.period
            and counted.unit_id = known.unit_id
            and counted.reporter_class = known.reporter_class
            and pairs.population = known.population
    where counted.expected_units > 0

),

{% for depth in range(max_depth() - 1, -1, -1) -%}
depth_{{ depth }} as (

    select
        frame.period,
        frame.reporter_class,
        frame.population,
        frame.unit_id,
        frame.parent_unit_id,
        {% if loop.first -%}
        frame.own_amount as amount
    from frame
        {%- else -%}
        coalesce(
            frame.own_amount,
            case
                when frame.landed_here = 0 and frame.held_units = 0 and below.children = below.known then below.amount
            end
        ) as amount
    from frame
    left join (
        select
            period,
            reporter_class,
            population,
            parent_unit_id,
            count(*) as children,
            count(amount) as known,
            sum(amount) as amount
        from depth_{{ depth + 1 }}
        group by period, reporter_class, population, parent_unit_id
    ) as below
        on
            frame.period = below.period
            and frame.reporter_class = below.reporter_class
            and frame.population = below.population
            and frame.unit_id = below.parent_unit_id
        {%- endif %}
    where frame.depth = {{ depth }}

),

{% endfor -%}
final as (

    {% for depth in range(max_depth()) -%}
    select period, unit_id, population, reporter_class, amount::bigint as amount from depth_{{ depth }}
    where amount is not null{{ " union all" if not loop.last }}
    {% endfor %}
)

select * from final
