{{ config(
    pre_hook=["set local work_mem = '128MB'", 'set local enable_nestloop = off']
) }}

-- One row per published cell of the night's partitions that the candidate lacks, with what permits it (null: nothing
-- does). A reporter's figure goes by a finding, a withdrawal or a change of the register; a cell above the reporters, when
-- nothing that counts stands under it any more.
with

-- A published line that still stands has not vanished: two numbers a figure tell, for nearly all. What follows looks only at
-- what is left, as a rule nothing.
unspoken as materialized (

    select published.*
    from {{ ref('stg_store__replaced_observation') }} as published
    where
        not exists (
            select 1
            from {{ ref('fct_observation') }} as offered
            where
                offered.submission_seq = published.submission_seq
                and offered.row_number = published.row_number
        )

),

-- Said again by another line, a figure is there.
lost as materialized (

    select
        published.period,
        unit.unit_id,
        province.unit_id as province_unit_id,
        indicator.indicator,
        published.fact_scope as scope,
        published.numerator,
        published.denominator,
        published.submission_seq,
        published.row_number
    from unspoken as published
    inner join {{ ref('stg_store__unit') }} as unit on published.unit_key = unit.unit_key
    inner join {{ ref('stg_store__indicator') }} as indicator on published.indicator_key = indicator.indicator_key
    left join {{ ref('stg_store__unit') }} as province on published.province_key = province.unit_key
    where
        not exists (
            select 1
            from {{ ref('fct_observation') }} as offered
            where
                offered.period = published.period
                and offered.unit_id = unit.unit_id
                and offered.indicator = indicator.indicator
        )

),

emptied as materialized (

    select published.*
    from {{ ref('stg_store__replaced_rollup') }} as published
    where
        not exists (
            select 1
            from {{ ref('fct_rollup') }} as offered
            where
                offered.period = published.period
                and offered.unit_id = published.unit_id
                and offered.indicator = published.indicator
        )

),

-- Every line that speaks of a lost fact tonight, and the lost line itself, whatever it is read as now.
spoken as materialized (

    select
        lost.period,
        lost.unit_id,
        lost.indicator,
        lost.scope,
        line.submission_seq,
        line.row_number,
        line.action,
        (line.unit_id, line.indicator) is distinct from (lost.unit_id, lost.indicator) as is_read_otherwise
    from lost
    inner join {{ ref('int_statement_resolved') }} as line
        on
            lost.period = line.period
            and lost.unit_id = line.unit_id
            and lost.indicator = line.indicator

    union

    select
        lost.period,
        lost.unit_id,
        lost.indicator,
        lost.scope,
        line.submission_seq,
        line.row_number,
        line.action,
        (line.unit_id, line.indicator) is distinct from (lost.unit_id, lost.indicator)
    from lost
    inner join {{ ref('int_statement_resolved') }} as line
        on
            lost.submission_seq = line.submission_seq
            and lost.row_number = line.row_number

),

explained as (

    select
        spoken.period,
        spoken.unit_id,
        spoken.indicator,
        spoken.scope,
        bool_or(aside.run_id is not null) as is_kept_aside,
        bool_or(spoken.action <> 'state') as is_withdrawn,
        bool_or(spoken.is_read_otherwise and spoken.action = 'state') as is_read_otherwise
    from spoken
    left join {{ source('quality', 'run_kept_aside') }} as aside
        on
            aside.run_id = {{ running_run_id() }}
            and spoken.submission_seq = aside.submission_seq
            and spoken.row_number = aside.row_number
    group by spoken.period, spoken.unit_id, spoken.indicator, spoken.scope

),

-- What counts tonight, with all it stands under: a topmost reporter's own figure, a declaration, and the cells of provinces
-- that are left alone.
standing as (

    select
        counted.period,
        counted.indicator,
        ancestor.unit_id
    from {{ ref('int_observation_cleared') }} as counted
    inner join (select distinct period, indicator from emptied) as asked
        on
            counted.period = asked.period
            and counted.indicator = asked.indicator
    left join {{ ref('int_reporter_identified') }} as reporter
        on
            counted.period = reporter.period
            and counted.unit_id = reporter.unit_id
            and counted.reporter_class = reporter.reporter_class
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            counted.period = unit.period
            and counted.unit_id = unit.unit_id
    cross join lateral unnest(unit.path) as ancestor (unit_id)
    where
        counted.is_usable
        and coalesce(reporter.is_topmost, true)

    union all

    select
        cell.period,
        cell.indicator,
        ancestor.unit_id
    from {{ ref('stg_store__province_cell') }} as cell
    inner join (select distinct period, indicator from emptied) as asked
        on
            cell.period = asked.period
            and cell.indicator = asked.indicator
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            cell.period = unit.period
            and cell.unit_id = unit.unit_id
    cross join lateral unnest(unit.path) as ancestor (unit_id)
    where cell.basis <> 'missing'

    union all

    -- The other trees: the same reporters, each by its place there.
    select
        counted.period,
        counted.indicator,
        ancestor.unit_id
    from {{ ref('int_observation_cleared') }} as counted
    inner join (select distinct period, indicator from emptied where hierarchy <> 'territorial') as asked
        on
            counted.period = asked.period
            and counted.indicator = asked.indicator
    inner join {{ ref('int_reporter_placed') }} as reporter
        on
            counted.period = reporter.period
            and counted.unit_id = reporter.unit_id
            and counted.reporter_class = reporter.reporter_class
    cross join lateral unnest(reporter.path) as ancestor (unit_id)
    where
        counted.is_usable
        and reporter.is_topmost

),

still_standing as (

    select distinct
        emptied.period,
        emptied.unit_id,
        emptied.indicator
    from emptied
    inner join standing
        on
            emptied.period = standing.period
            and emptied.unit_id = standing.unit_id
            and emptied.indicator = standing.indicator

),

-- A unit of the register of the period, in the territorial tree or another.
known as (

    select
        period,
        unit_id
    from {{ ref('int_unit_hierarchized') }}

    union

    select
        period,
        unit_id
    from {{ ref('int_unit_placed') }}

),

final as (

    select
        lost.period,
        lost.unit_id,
        lost.province_unit_id,
        lost.indicator,
        lost.scope,
        'own' as cell,
        lost.numerator,
        lost.denominator,
        case
            when withdrawal.submission_seq is not null or explained.is_withdrawn then 'withdrawal'
            when explained.is_kept_aside then 'finding'
            when known.unit_id is null or catalogue.indicator is null or explained.is_read_otherwise then 'register'
        end as reason
    from lost
    left join explained
        on
            lost.period = explained.period
            and lost.unit_id = explained.unit_id
            and lost.indicator = explained.indicator
            and lost.scope = explained.scope
    left join {{ ref('stg_submissions__withdrawal') }} as withdrawal on lost.submission_seq = withdrawal.submission_seq
    left join known
        on
            lost.period = known.period
            and lost.unit_id = known.unit_id
    left join {{ ref('stg_reference__indicator') }} as catalogue on lost.indicator = catalogue.indicator

    union all

    select
        emptied.period,
        emptied.unit_id,
        emptied.province_unit_id,
        emptied.indicator,
        null as scope,
        'rolled up' as cell,
        emptied.numerator,
        emptied.denominator,
        case
            when known.unit_id is null or climbing.indicator is null or own.unit_id is not null then 'register'
            when still_standing.unit_id is null then 'nothing below'
        end as reason
    from emptied
    left join still_standing
        on
            emptied.period = still_standing.period
            and emptied.unit_id = still_standing.unit_id
            and emptied.indicator = still_standing.indicator
    left join known
        on
            emptied.period = known.period
            and emptied.unit_id = known.unit_id
    left join {{ ref('stg_reference__indicator_hierarchy') }} as climbing
        on
            emptied.indicator = climbing.indicator
            and emptied.hierarchy = climbing.hierarchy
    left join {{ ref('stg_reference__indicator') }} as catalogue on emptied.indicator = catalogue.indicator
    -- A unit that reports itself today has its figure as a reporter.
    left join {{ ref('int_reporter_identified') }} as own
        on
            emptied.period = own.period
            and emptied.unit_id = own.unit_id
            and catalogue.reporter_class = own.reporter_class

)

select * from final
