{{ config(post_hook='analyze {{ this }}') }}

with

statements as (

    select * from {{ ref('stg_submissions__statement') }}

),

units as (

    select * from {{ ref('int_unit_hierarchized') }}

),

known_codes as (

    select distinct code from {{ ref('stg_reference__org_unit') }}

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

    select
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

resolved as (

    select
        statements.*,
        sender.unit_id as sender_unit_id,
        coalesce(sender.unit_id, statements.sender) as sender_name,
        case when sender.level = 'province' then sender.unit_id end as sender_province_unit_id,
        units.unit_id,
        units.province_unit_id,
        catalogue.is_return,
        catalogue.kind,
        catalogue.population,
        catalogue.reporter_class,
        catalogue.code is not null as is_in_catalogue,
        known_codes.code is not null as is_code_of_some_time,
        case
            when sender.level = 'department' then units.unit_id = sender.unit_id
            when sender.level = 'province' then units.province_unit_id = sender.unit_id
            else false
        end as is_spoken_for,
        case
            when catalogue.is_return then population_reporters.unit_id is not null
            else reporter.unit_id is not null
        end as is_reporter,
        catalogue.is_return or node.unit_id is not null as is_above_reporters,
        closed.period is not null and statements.received_at > closed.closed_at as is_received_after_closing
    from statements
    left join units
        on
            statements.period = units.period
            and statements.unit_code = units.code
    left join {{ ref('int_sender_resolved') }} as sender
        on
            statements.period = sender.period
            and statements.sender = sender.sender
    left join catalogue on statements.indicator = catalogue.code
    left join known_codes on statements.unit_code = known_codes.code
    left join {{ ref('int_reporter_identified') }} as reporter
        on
            statements.period = reporter.period
            and units.unit_id = reporter.unit_id
            and catalogue.reporter_class = reporter.reporter_class
    left join {{ ref('int_node_identified') }} as node
        on
            statements.period = node.period
            and units.unit_id = node.unit_id
            and catalogue.reporter_class = node.reporter_class
    left join population_reporters
        on
            statements.period = population_reporters.period
            and units.unit_id = population_reporters.unit_id
            and catalogue.population = population_reporters.population
    left join {{ source('quality', 'closed_period') }} as closed
        on statements.period = closed.period

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
