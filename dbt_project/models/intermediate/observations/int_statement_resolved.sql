{{ config(post_hook='analyze {{ this }}') }}

with

statements as (

    select * from {{ ref('stg_submissions__statement') }}

),

known_codes as (

    select code from {{ ref('stg_reference__org_unit') }}
    union
    select unit_id from {{ ref('stg_reference__org_unit') }}

),

-- What can be stated: an indicator, or a population's code (its count is returned).
catalogue as (

    select
        indicator as code,
        false as is_return,
        kind,
        population,
        reporter_class
    from {{ ref('stg_reference__indicator') }}

    union all

    select distinct  -- its versions share the code
        population as code,
        true as is_return,
        'return' as kind,
        population,
        null as reporter_class
    from {{ ref('stg_reference__population') }}

),

-- A unit may return a population as its own where it reports an indicator over that population.
population_reporters as (

    select distinct
        reporter.period,
        reporter.unit_id,
        indicator.population
    from {{ ref('int_reporter_identified') }} as reporter
    inner join {{ ref('stg_reference__indicator') }} as indicator
        on reporter.reporter_class = indicator.reporter_class
    where indicator.population is not null

),

-- The unit of a code, or the one that a text which is no code was looked up to mean.
addressed as (

    select
        statements.*,
        coalesce(coded.unit_id, named.unit_id) as unit_id,
        coalesce(coded.province_unit_id, named.province_unit_id) as province_unit_id,
        named.candidates as unit_candidates,
        named.suggestions as unit_suggestions
    from statements
    left join {{ ref('int_unit_hierarchized') }} as coded
        on
            statements.period = coded.period
            and statements.unit_code = coded.code
    left join {{ ref('int_unit_named') }} as named
        on
            statements.period = named.period
            and statements.sender = named.sender
            and statements.unit_code = named.unit_text

),

resolved as (

    select
        addressed.*,
        sender.unit_id as sender_unit_id,
        coalesce(sender.unit_id, addressed.sender) as sender_name,
        case when sender.level = 'province' then sender.unit_id end as sender_province_unit_id,
        catalogue.is_return,
        catalogue.kind,
        catalogue.population,
        catalogue.reporter_class,
        catalogue.code is not null as is_in_catalogue,
        known_codes.code is not null as is_code_of_some_time,
        case
            when sender.level = 'department' then addressed.unit_id = sender.unit_id
            when sender.level = 'province' then addressed.province_unit_id = sender.unit_id
            else false
        end as is_spoken_for,
        case
            when catalogue.is_return then population_reporters.unit_id is not null
            else reporter.unit_id is not null
        end as is_reporter,
        catalogue.is_return or node.unit_id is not null as is_above_reporters,
        closed.period is not null and addressed.received_at > closed.closed_at as is_received_after_closing
    from addressed
    left join {{ ref('int_sender_resolved') }} as sender
        on
            addressed.period = sender.period
            and addressed.sender = sender.sender
    left join catalogue on addressed.indicator = catalogue.code
    left join known_codes on addressed.unit_code = known_codes.code
    left join {{ ref('int_reporter_identified') }} as reporter
        on
            addressed.period = reporter.period
            and addressed.unit_id = reporter.unit_id
            and catalogue.reporter_class = reporter.reporter_class
    left join {{ ref('int_node_identified') }} as node
        on
            addressed.period = node.period
            and addressed.unit_id = node.unit_id
            and catalogue.reporter_class = node.reporter_class
    left join population_reporters
        on
            addressed.period = population_reporters.period
            and addressed.unit_id = population_reporters.unit_id
            and catalogue.population = population_reporters.population
    left join {{ source('quality', 'closed_period') }} as closed
        on addressed.period = closed.period

),

final as (

    select
        submission_seq,
        row_number,
        submission_id,
        locator,
        action,
        sender,
        sender_name,
        sender_unit_id,
        sender_province_unit_id,
        unit_code,
        unit_id,
        province_unit_id,
        -- What S03 adds where a unit was written by a name that means none, or several.
        case
            when unit_candidates is not null
                then ' Tên này là của: ' || unit_candidates || '. Hãy ghi mã, hoặc ghi tên kèm cấp trên.'
            when unit_suggestions is not null then ' Có phải: ' || unit_suggestions || '?'
            else ''
        end as unit_hint_vi,
        case
            when unit_candidates is not null
                then ' The name belongs to: ' || unit_candidates || '. Write the code, or the name with its parent.'
            when unit_suggestions is not null then ' Did you mean: ' || unit_suggestions || '?'
            else ''
        end as unit_hint_en,
        indicator,
        is_return,
        kind,
        population,
        reporter_class,
        period,
        scope,
        -- A reporter's own and total are one fact; a return speaks for all under its unit.
        case
            when is_return then 'total'
            when is_reporter then 'own'
            else scope
        end as fact_scope,
        mark,
        numerator,
        denominator,
        stated_rate,
        rate_decimals,
        stated_rate_text,
        received_at,
        form_latest_seq,
        is_in_catalogue,
        is_code_of_some_time,
        coalesce(is_spoken_for, false) as is_spoken_for,  -- an unknown sender speaks for nobody
        is_reporter,
        is_above_reporters,
        is_received_after_closing,
        row_number() over (
            partition by sender_name, unit_code, indicator, period, scope
            order by submission_seq desc, row_number desc
        ) = 1 as is_latest_wording
    from resolved

)

select * from final
