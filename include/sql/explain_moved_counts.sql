-- D06: how a count that its unit's statements agree on anew came to differ from what it was before.
insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select
    finding.finding_id,
    slip.slip as cause,
    quality.slip_weight(slip.slip) as weight,
    words.text_vi,
    words.text_en,
    jsonb_build_object('meant', compared.amount_before, 'written', compared.amount) as detail
from quality.run_finding as finding
inner join intermediate.int_count_compared as compared
    on
        finding.unit_id = compared.unit_id
        and finding.population = compared.population
        and finding.period = compared.period
cross join lateral (select quality.slip(compared.amount_before, compared.amount) as slip offset 0) as slip
cross join lateral quality.slip_words(slip.slip, compared.amount_before::text, compared.amount::text) as words
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.rule = 'D06'
    and slip.slip is not null;
