{{ config(
    pre_hook="set local work_mem = '128MB'; set local parallel_tuple_cost = 0.01",
    post_hook='analyze {{ this }}'
) }}

-- The one table of a night that holds a row for every statement. What follows reads it through views: a row that neither
-- repeats a fact nor was kept aside stands as it is.
with

-- What can be stated: an indicator, or a population's code (its count is returned). A unit may return a population as its
-- own where it reports an indicator over that population.
catalogue as (

    select
        indicator as code,
        false as is_return,
        kind,
        population,
        reporter_class,
        null as own_classes
    from {{ ref('stg_reference__indicator') }}

    union all

    select
        population.population as code,
        true as is_return,
        'return' as kind,
        population.population,
        null as reporter_class,
        array_remove(array_agg(distinct indicator.reporter_class), null) as own_classes
    from {{ ref('stg_reference__population') }} as population  -- its versions share the code
    left join {{ ref('stg_reference__indicator') }} as indicator on population.population = indicator.population
    group by population.population

),

-- Texts that are no code, as they were looked up.
names as (

    select
        named.period,
        named.sender,
        named.unit_text,
        unit.unit_id,
        unit.province_unit_id,
        unit.reporter_classes,
        unit.classes_below
    from {{ ref('int_unit_named') }} as named
    left join {{ ref('int_unit_coded') }} as unit
        on
            named.period = unit.period
            and named.unit_id = unit.unit_id

),

addressed as (

    select
        statement.*,
        coalesce(coded.unit_id, names.unit_id) as unit_id,
        coalesce(coded.province_unit_id, names.province_unit_id) as province_unit_id,
        coalesce(coded.reporter_classes, names.reporter_classes) as reporter_classes,
        coalesce(coded.classes_below, names.classes_below) as classes_below,
        names.unit_text is not null as is_looked_up
    from {{ ref('stg_submissions__statement') }} as statement
    left join {{ ref('int_unit_coded') }} as coded
        on
            statement.period = coded.period
            and statement.unit_code = coded.code
    left join names
        on
            statement.period = names.period
            and statement.sender = names.sender
            and statement.unit_code = names.unit_text

),

resolved as (

    select
        addressed.*,
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
        case addressed.sender_level
            when 'department' then addressed.unit_id = addressed.sender_unit_id
            when 'province' then addressed.province_unit_id = addressed.sender_unit_id
            else false
        end as is_spoken_for,
        case
            when catalogue.is_return then coalesce(addressed.reporter_classes && catalogue.own_classes, false)
            else coalesce(catalogue.reporter_class = any(addressed.reporter_classes), false)
        end as is_reporter,
        catalogue.is_return
        or coalesce(catalogue.reporter_class = any(addressed.classes_below), false) as is_above_reporters,
        coalesce(addressed.received_at > closed.closed_at, false) as is_received_after_closing
    from addressed
    left join catalogue on addressed.indicator = catalogue.code
    left join {{ source('quality', 'closed_period') }} as closed on addressed.period = closed.period

),

final as (

    select
        -- Numbers and flags first: a row is read from its beginning, and what decides whether it is wanted stands here.
        -- Submission and row as one number: of a join on both the planner expects a sixtieth of what it gives.
        submission_seq * 4294967296 + row_number as statement_key,
        -- Equal for two rows of one fact, or of one wording that means no unit; other rows may share it by chance.
        hashtextextended(coalesce(unit_id, unit_code) || '|' || indicator || '|' || period, is_return::int) as fact_hash,
        submission_seq,
        form_latest_seq,
        row_number,
        action = 'state' and unit_id is not null and is_in_catalogue as may_stand,
        is_return,
        is_reporter,
        is_above_reporters,
        is_in_catalogue,
        is_code_of_some_time,
        coalesce(is_spoken_for, false) as is_spoken_for,  -- an unknown sender speaks for nobody
        is_looked_up,
        is_received_after_closing,
        period,
        indicator,
        unit_id,
        -- A reporter's own and total are one fact; a return speaks for all under its unit.
        case
            when is_return then 'total'
            when is_reporter then 'own'
            else scope
        end as fact_scope,
        numerator,
        denominator,
        population,
        reporter_class,
        kind,
        mark,
        province_unit_id,
        sender_unit_id,
        stated_rate,
        rate_decimals,
        stated_rate_text,
        locator,
        action,
        unit_code,
        scope
    from resolved

)

select * from final
