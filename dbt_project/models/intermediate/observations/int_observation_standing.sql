{{ config(materialized='view') }}

-- A row stands unless it was discarded; where several state its fact, what they say beside it was settled. Written over the
-- one table of statements, without a union: so its statistics hold, and who does not ask what was settled does not pay for it.
select
    resolved.period,
    resolved.unit_id,
    resolved.province_unit_id,
    resolved.sender_unit_id,
    resolved.indicator,
    resolved.fact_scope,
    resolved.is_return,
    resolved.kind,
    resolved.population,
    resolved.reporter_class,
    resolved.is_reporter,
    resolved.mark,
    resolved.numerator,
    resolved.denominator,
    resolved.stated_rate,
    resolved.rate_decimals,
    resolved.stated_rate_text,
    resolved.submission_seq,
    resolved.row_number,
    coalesce(settled.locator, resolved.locator) as locator,  -- of a fact stated once, the row's own
    coalesce(settled.statements, 1) as statements,
    coalesce(settled.has_two_values, false) as has_two_values,
    settled.values_text
from {{ ref('int_statement_resolved') }} as resolved
left join {{ ref('int_fact_settled') }} as settled on resolved.statement_key = settled.statement_key
where
    resolved.may_stand
    and not exists (
        select 1
        from {{ ref('int_statement_discarded') }} as discarded
        where discarded.statement_key = resolved.statement_key
    )
