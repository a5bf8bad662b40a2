{{ config(
    indexes=[{'columns': ['period', 'hierarchy', 'unit_id', 'reporter_class'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- Who is expected to state the indicators that climb another tree, and under what it stands there.
with

climbed as (

    select distinct
        hierarchy,
        reporter_class
    from {{ ref('stg_reference__indicator_hierarchy') }}
    where hierarchy <> 'territorial'

),

final as (

    select
        reporter.period,
        climbed.hierarchy,
        reporter.reporter_class,
        reporter.unit_id,
        unit.parent_unit_id,
        unit.path,
        reporter.is_topmost
    from {{ ref('int_reporter_identified') }} as reporter
    inner join climbed on reporter.reporter_class = climbed.reporter_class
    inner join {{ ref('int_unit_placed') }} as unit
        on
            reporter.period = unit.period
            and climbed.hierarchy = unit.hierarchy
            and reporter.unit_id = unit.unit_id

)

select * from final
