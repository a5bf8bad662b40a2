{{ config(materialized='view') }}

-- A row that alone states its fact stands as it is, unless it was kept aside; where several do, one was settled on.
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
    resolved.locator,
    1::bigint as statements,
    false as has_two_values,
    null::text as values_text
from {{ ref('int_statement_resolved') }} as resolved
where
    resolved.action = 'state'
    and resolved.unit_id is not null
    and resolved.is_in_catalogue
    and not exists (
        select 1
        from {{ ref('int_statement_repeated') }} as repeated
        where
            repeated.submission_seq = resolved.submission_seq
            and repeated.row_number = resolved.row_number
    )
    and not exists (
        select 1
        from {{ source('quality', 'run_kept_aside') }} as aside
        where
            aside.run_id = {{ running_run_id() }}
            and aside.submission_seq = resolved.submission_seq
            and aside.row_number = resolved.row_number
    )

union all

select
    period,
    unit_id,
    province_unit_id,
    sender_unit_id,
    indicator,
    fact_scope,
    is_return,
    kind,
    population,
    reporter_class,
    is_reporter,
    mark,
    numerator,
    denominator,
    stated_rate,
    rate_decimals,
    stated_rate_text,
    submission_seq,
    row_number,
    locator,
    statements,
    has_two_values,
    values_text
from {{ ref('int_fact_settled') }}
