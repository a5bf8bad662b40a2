-- A sender is named by its unit id, or by the code it had in the period: 24 is Bắc Giang in 2016 and Bắc Ninh in 2025.
with

named as (

    select distinct
        form.period,
        submission.sender
    from {{ ref('stg_submissions__form') }} as form
    inner join {{ ref('stg_submissions__submission') }} as submission
        on form.submission_seq = submission.submission_seq

),

final as (

    select distinct on (named.period, named.sender)
        named.period,
        named.sender,
        unit.unit_id,
        unit.level
    from named
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            named.period = unit.period
            and unit.level in ('department', 'province')
            and named.sender in (unit.unit_id, unit.code)
    order by named.period, named.sender, (unit.unit_id = named.sender) desc

)

select * from final
