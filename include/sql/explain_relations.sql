-- D07, D08, N05: figures of one unit that do not fit one another.
with

found as (

    select * from quality.run_finding
    where run_id = current_setting('tonghop.run_id')

),

nested as (

    select
        found.finding_id,
        compared.period,
        compared.unit_id,
        compared.scope,
        compared.outer_indicator,
        compared.denominator,
        compared.outer_numerator,
        around.denominator as outer_denominator
    from found
    inner join intermediate.int_nested_compared as compared
        on
            found.rule = 'D07'
            and found.period = compared.period
            and found.unit_id = compared.unit_id
            and found.indicator = compared.indicator
            and found.scope = compared.scope
    inner join intermediate.int_observation_related as around
        on
            compared.period = around.period
            and compared.unit_id = around.unit_id
            and compared.scope = around.scope
            and compared.outer_indicator = around.indicator

),

counts as (

    select
        found.finding_id,
        compared.amount,
        compared.composed_amount
    from found
    inner join intermediate.int_composition_compared as compared
        on
            found.rule = 'D08'
            and found.period = compared.period
            and found.unit_id = compared.unit_id
            and found.population = compared.population

),

-- Each part of a count, and what it would be if the count were right.
composed_of as (

    select
        found.finding_id,
        part.amount,
        part.amount + compared.amount - compared.composed_amount as meant
    from found
    inner join intermediate.int_composition_compared as compared
        on
            found.rule = 'D08'
            and found.period = compared.period
            and found.unit_id = compared.unit_id
            and found.population = compared.population
    inner join intermediate.int_population_defined as defined
        on
            compared.period = defined.period
            and compared.population = defined.population
    inner join intermediate.int_population_counted as part
        on
            compared.period = part.period
            and compared.unit_id = part.unit_id
            and part.population = any(defined.composed_of)

),

-- N05 has withheld them by now: they are no complements of anything any more.
complements as (

    select
        found.finding_id,
        own.numerator as not_done,
        done.numerator as done,
        done.denominator as everyone
    from found
    inner join staging.stg_reference__indicator as indicator
        on
            found.rule = 'N05'
            and found.indicator = indicator.indicator
    inner join pg_temp.nearby as own
        on
            found.period = own.period
            and found.unit_id = own.unit_id
            and found.indicator = own.indicator
            and found.scope = own.scope
    inner join pg_temp.nearby as done
        on
            found.period = done.period
            and found.unit_id = done.unit_id
            and found.scope = done.scope
            and indicator.complement_of = done.indicator

),

-- Which number may have been meant, and which was written.
possible as (

    select finding_id, outer_numerator as meant, denominator as written, 0 as extra from nested
    union all
    select finding_id, composed_amount, amount, 0 from counts
    union all
    select finding_id, meant, amount, 2 from composed_of where meant >= 0
    union all
    select finding_id, everyone - done, not_done, 2 from complements where everyone >= done
    union all
    select finding_id, everyone - not_done, done, 0 from complements where everyone >= not_done

),

nil_written as (

    select finding_id, 'số đếm' as what_vi, 'the count' as what_en, composed_amount::text as meant, 80 as weight from counts
    where amount = 0
    union all
    select finding_id, 'số chưa thực hiện', 'the count of those who did not', (everyone - done)::text, 80 from complements
    where not_done = 0
    union all
    select finding_id, 'số đã thực hiện', 'the count of those who did', (everyone - not_done)::text, 60 from complements
    where done = 0

),

hypotheses as (

    select
        nested.finding_id,
        'scope_mixed' as cause,
        90 as weight,
        format('Giả thuyết: %s là mẫu số bên ngoài, không phải số đã đếm ở dòng ngoài (%s).', denominator, outer_numerator)
            as text_vi,
        format('Hypothesis: %s is the outer denominator, not what the outer row counted (%s).', denominator, outer_numerator)
            as text_en
    from nested
    where denominator = outer_denominator

    union all

    select distinct on (nested.finding_id)
        nested.finding_id,
        'stale_denominator',
        86,
        format('Giả thuyết: %s là số đã đếm ở dòng ngoài của kỳ %s.', nested.denominator, before.period),
        format('Hypothesis: %s is what the outer row counted in %s.', nested.denominator, before.period)
    from nested
    inner join pg_temp.stated_before as before
        on
            nested.unit_id = before.unit_id
            and nested.outer_indicator = before.indicator
            and nested.scope = before.scope
            and nested.denominator = before.numerator
            and before.period < nested.period

    union all

    select
        finding_id,
        'nil_for_missing',
        weight,
        format('Giả thuyết: %s ghi 0 thay cho số chưa có (ở đây phải là %s).', what_vi, meant),
        format('Hypothesis: %s says 0 where its figure was missing (%s would fit).', what_en, meant)
    from nil_written

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select finding_id, cause, weight, text_vi, text_en, '{}'::jsonb from hypotheses
union all
select
    possible.finding_id,
    slip.slip,
    quality.slip_weight(slip.slip) + possible.extra,
    words.text_vi,
    words.text_en,
    jsonb_build_object('meant', possible.meant, 'written', possible.written)
from possible
cross join lateral (select quality.slip(possible.meant, possible.written) as slip offset 0) as slip
cross join lateral quality.slip_words(slip.slip, possible.meant::text, possible.written::text) as words
where slip.slip is not null;
