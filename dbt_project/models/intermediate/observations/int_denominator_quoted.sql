{{ config(
    pre_hook="set local work_mem = '128MB'; set local parallel_tuple_cost = 0.01",
    post_hook='analyze {{ this }}'
) }}

-- The denominators that units quote, and how often: what the ledger may agree on, and what D04 judges, in one pass.
select
    standing.period,
    standing.unit_id,
    standing.population,
    standing.reporter_class,
    standing.denominator,
    count(*)::int as quotes,
    (count(*) filter (where not standing.has_two_values))::int as votes
from {{ ref('int_observation_standing') }} as standing
left join {{ ref('stg_reference__indicator') }} as indicator on standing.indicator = indicator.indicator
where
    not standing.is_return
    and standing.population is not null
    and standing.denominator > 0
    and indicator.nested_in is null
group by standing.period, standing.unit_id, standing.population, standing.reporter_class, standing.denominator
