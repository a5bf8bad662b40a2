-- D03, D04: a composed population of the same unit whose count is the wrong denominator.
with

compositions as (

    select
        whole.period,
        whole.unit_id,
        whole.population,
        whole.amount,
        catalogue.name_vi,
        catalogue.name_en,
        string_agg(part.amount || ' ' || part_catalogue.name_vi, ' + ' order by part.amount desc) as parts_vi,
        string_agg(part.amount || ' ' || part_catalogue.name_en, ' + ' order by part.amount desc) as parts_en
    from intermediate.int_population_counted as whole
    inner join intermediate.int_population_defined as catalogue
        on
            whole.period = catalogue.period
            and whole.population = catalogue.population
    inner join intermediate.int_population_counted as part
        on
            whole.period = part.period
            and whole.unit_id = part.unit_id
            and part.population = any(catalogue.composed_of)
    inner join intermediate.int_population_defined as part_catalogue
        on
            part.period = part_catalogue.period
            and part.population = part_catalogue.population
    where whole.source = 'composition'
    group by whole.period, whole.unit_id, whole.population, whole.amount, catalogue.name_vi, catalogue.name_en

),

explained as (

    select distinct on (finding.finding_id)
        finding.finding_id,
        format('Giả thuyết: %s = %s (%s).', compositions.amount, compositions.parts_vi, compositions.name_vi) as text_vi,
        format('Hypothesis: %s = %s (%s).', compositions.amount, compositions.parts_en, compositions.name_en) as text_en,
        compositions.population,
        compositions.amount
    from quality.run_finding as finding
    inner join compositions
        on
            finding.period = compositions.period
            and finding.unit_id = compositions.unit_id
            and finding.population <> compositions.population
            and compositions.amount::text = any(string_to_array(finding.actual, ', '))
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule in ('D03', 'D04')
        and compositions.amount::text is distinct from finding.expected
    order by finding.finding_id, compositions.population

)

update quality.run_finding as finding
set
    explanation = explained.text_vi || ' / ' || explained.text_en,
    explanations = jsonb_build_array(jsonb_build_object(
        'cause', 'scope_mixed', 'population', explained.population, 'amount', explained.amount,
        'text_vi', explained.text_vi, 'text_en', explained.text_en))
from explained
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.finding_id = explained.finding_id;
