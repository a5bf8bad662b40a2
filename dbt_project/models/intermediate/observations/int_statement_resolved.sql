{{ config(
    pre_hook="set local work_mem = '128MB'",
    post_hook='analyze {{ this }}'
) }}

-- The one table of a night that holds a row for every statement. What follows reads it through views: a row that neither
-- repeats a fact nor was kept aside stands as it is.
with

statements as (

    select * from {{ ref('stg_submissions__statement') }}

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
        coalesce(coded.unit_id, elsewhere.unit_id, named.unit_id) as unit_id,
        coalesce(coded.province_unit_id, elsewhere.province_unit_id, named.province_unit_id) as province_unit_id,
        named.unit_text is not null as is_looked_up
    from statements
    left join {{ ref('int_unit_hierarchized') }} as coded
        on
            statements.period = coded.period
            and statements.unit_code = coded.code
    left join {{ ref('int_unit_addressed') }} as elsewhere
        on
            statements.period = elsewhere.period
            and statements.unit_code = elsewhere.code
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
        catalogue.is_return,
        catalogue.kind,
        catalogue.population,
        catalogue.reporter_class,
        catalogue.code is not null as is_in_catalogue,
        case
            when addressed.unit_id is not null then true
            else addressed.unit_code in (
                select code from {{ ref('stg_reference__org_unit') }}
                union all
                select unit_id from {{ ref('stg_reference__org_unit') }}
            )
        end as is_code_of_some_time,
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
        locator,
        action,
        sender_unit_id,
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
        form_latest_seq,
        is_looked_up,
        is_in_catalogue,
        is_code_of_some_time,
        coalesce(is_spoken_for, false) as is_spoken_for,  -- an unknown sender speaks for nobody
        is_reporter,
        is_above_reporters,
        is_received_after_closing,
        -- Equal for two rows of one fact, or of one wording that means no unit; other rows may share it by chance.
        hashtextextended(coalesce(unit_id, unit_code) || '|' || indicator || '|' || period, is_return::int) as fact_hash
    from resolved

)

select * from final
