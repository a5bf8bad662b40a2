{{ config(post_hook='analyze {{ this }}') }}

-- One row per standing declaration and measure (numerator, denominator): what the unit declares beside the sum of its
-- children. The sum is null where a child is not whole: then there is nothing to reconcile, and no verdict.
with

declarations as (

    select
        cascaded.*,
        observation.province_unit_id,
        observation.sender_unit_id,
        observation.population,
        submission.submission_id,
        observation.locator
    from {{ ref('int_rollup_cascaded') }} as cascaded
    inner join {{ ref('int_observation_cleared') }} as observation
        on
            cascaded.period = observation.period
            and cascaded.unit_id = observation.unit_id
            and cascaded.indicator = observation.indicator
            and observation.fact_scope = 'total'
    left join {{ ref('stg_submissions__submission') }} as submission
        on observation.submission_seq = submission.submission_seq
    where
        cascaded.has_declaration
        and not cascaded.is_declarer

),

measured as (

    select
        declarations.*,
        'numerator' as measure,
        declared_numerator as declared,
        case when are_children_whole then numerator_below end as computed
    from declarations

    union all

    select
        declarations.*,
        'denominator' as measure,
        declared_denominator as declared,
        case when are_children_whole then denominator_below end as computed
    from declarations
    where declared_denominator is not null

),

final as (

    select
        period,
        unit_id,
        province_unit_id,
        sender_unit_id,
        indicator,
        'total' as scope,
        population,
        measure,
        declared,
        computed,
        declared - computed as imbalance,
        submission_id,
        locator,
        concat_ws('|', declared, coalesce(computed::text, '-')) as values_key
    from measured

)

select * from final
