{{ config(
    indexes=[{'columns': ['statement_key'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- Of the facts that several rows state: which statement stands, and what the others add to it.
with

admitted as (

    select resolved.*
    from {{ ref('int_statement_repeated') }} as resolved
    left join {{ source('quality', 'run_kept_aside') }} as aside
        on
            aside.run_id = {{ running_run_id() }}
            and resolved.submission_seq = aside.submission_seq
            and resolved.row_number = aside.row_number
    where
        aside.submission_seq is null
        and resolved.unit_id is not null
        and resolved.is_in_catalogue

),

-- Every row of the latest submission that mentions the fact; a later statement supersedes whatever file it came in.
latest as (

    select
        *,
        max(submission_seq) over fact as fact_latest_seq,
        concat_ws('|', mark, numerator, coalesce(denominator::text, '-'), coalesce(stated_rate::text, '-')) as stated_values
    from admitted
    window fact as (partition by period, unit_id, indicator, fact_scope)

),

spoken as (

    select
        *,
        count(*) over fact as statements,
        min(stated_values) over fact <> max(stated_values) over fact as has_two_values,
        first_value(row_number) over (
            partition by period, unit_id, indicator, fact_scope order by row_number
        ) as first_row_number
    from latest
    where submission_seq = fact_latest_seq
    window fact as (partition by period, unit_id, indicator, fact_scope)

),

conflicts as (

    select
        period,
        unit_id,
        indicator,
        fact_scope,
        string_agg(locator, '; ' order by row_number) as locators,
        string_agg(
            concat_ws('/', numerator, denominator) || coalesce(' (' || stated_rate_text || ')', ''), '; '
            order by row_number
        ) as values_text
    from spoken
    where has_two_values
    group by period, unit_id, indicator, fact_scope

),

final as (

    select
        spoken.period,
        spoken.unit_id,
        spoken.indicator,
        spoken.fact_scope,
        spoken.submission_seq,
        spoken.row_number,
        spoken.statement_key,
        coalesce(conflicts.locators, spoken.locator) as locator,
        spoken.statements,
        spoken.has_two_values,
        conflicts.values_text
    from spoken
    left join conflicts
        on
            spoken.period = conflicts.period
            and spoken.unit_id = conflicts.unit_id
            and spoken.indicator = conflicts.indicator
            and spoken.fact_scope = conflicts.fact_scope
    where
        spoken.row_number = spoken.first_row_number
        and spoken.action = 'state'

)

select * from final
