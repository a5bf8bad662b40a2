-- D of a grouping: the sum over the reporters under it, if that of each is known. (Returns are said of territorial units, so
-- a grouping has no count of its own.)
with

pairs as (

    select distinct
        period,
        reporter_class,
        population
    from {{ ref('int_population_resolved') }}

),

final as (

    select
        reporter.period,
        reporter.hierarchy,
        ancestor.unit_id,
        pairs.population,
        reporter.reporter_class,
        sum(ledger.amount)::bigint as amount
    from {{ ref('int_reporter_placed') }} as reporter
    inner join pairs
        on
            reporter.period = pairs.period
            and reporter.reporter_class = pairs.reporter_class
    cross join lateral unnest(reporter.path) as ancestor (unit_id)
    inner join (select distinct unit_id from {{ ref('stg_reference__grouping') }}) as grouping_node
        on ancestor.unit_id = grouping_node.unit_id
    left join {{ ref('int_population_resolved') }} as ledger
        on
            reporter.period = ledger.period
            and reporter.unit_id = ledger.unit_id
            and reporter.reporter_class = ledger.reporter_class
            and pairs.population = ledger.population
    where reporter.is_topmost
    group by reporter.period, reporter.hierarchy, ancestor.unit_id, pairs.population, reporter.reporter_class
    having count(*) = count(ledger.amount)

)

select * from final
