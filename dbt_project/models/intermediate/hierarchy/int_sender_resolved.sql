{{ config(
    indexes=[{'columns': ['period', 'sender'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- A sender is named by its unit id, or by the code it had in the period: 24 is Bắc Giang in 2016 and Bắc Ninh in 2025.
select distinct
    form.period,
    submission.sender,
    form.sender_unit_id as unit_id,
    form.sender_level as level
from {{ ref('stg_submissions__form') }} as form
inner join {{ ref('stg_submissions__submission') }} as submission on form.submission_seq = submission.submission_seq
where form.sender_unit_id is not null
