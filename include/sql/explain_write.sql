-- The likeliest first, at most so many a finding (a budget: nobody reads the ninth), one of each cause.
with

distinguished as (

    select distinct on (finding_id, cause)
        finding_id, cause, weight, text_vi, text_en, detail
    from pg_temp.hypothesis
    order by finding_id, cause, weight desc, text_en

),

ranked as (

    select
        distinguished.*,
        row_number() over (partition by finding_id order by weight desc, cause) as place
    from distinguished

),

listed as (

    select
        finding_id,
        jsonb_agg(
            detail || jsonb_build_object('cause', cause, 'weight', weight, 'text_vi', text_vi, 'text_en', text_en)
            order by place
        ) as explanations,
        max(text_vi || ' / ' || text_en) filter (where place = 1) as explanation
    from ranked
    where place <= %(budget)s
    group by finding_id

)

update quality.run_finding as finding
set
    explanation = listed.explanation,
    explanations = listed.explanations
from listed
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.finding_id = listed.finding_id;
