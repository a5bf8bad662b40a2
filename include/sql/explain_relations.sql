-- D07, D08, N02, N03, N05: figures of one unit that do not fit one another.
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

wholes as (

    select
        found.finding_id,
        compared.period,
        compared.unit_id,
        compared.scope,
        compared.whole_indicator,
        compared.numerator,
        compared.parts_numerator
    from found
    inner join intermediate.int_whole_compared as compared
        on
            found.rule = 'N03'
            and found.period = compared.period
            and found.unit_id = compared.unit_id
            and found.indicator = compared.indicator
            and found.scope = compared.scope

),

parts as (

    select
        wholes.finding_id,
        part.indicator,
        part.numerator,
        part.numerator - (wholes.parts_numerator - wholes.numerator) as meant,
        min(part.numerator) over (partition by wholes.finding_id) as least
    from wholes
    inner join intermediate.int_observation_related as part
        on
            wholes.period = part.period
            and wholes.unit_id = part.unit_id
            and wholes.scope = part.scope
            and wholes.whole_indicator = part.part_of

),

pairs as (

    select
        found.finding_id,
        compared.numerator,
        compared.whole_numerator
    from found
    inner join intermediate.int_part_compared as compared
        on
            found.rule = 'N02'
            and found.period = compared.period
            and found.unit_id = compared.unit_id
            and found.indicator = compared.indicator
            and found.scope = compared.scope

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
    select finding_id, parts_numerator::bigint, numerator, 0 from wholes
    union all
    select finding_id, meant::bigint, numerator, 2 from parts where meant >= 0
    union all
    select finding_id, composed_amount, amount, 0 from counts
    union all
    select finding_id, meant, amount, 2 from composed_of where meant >= 0
    union all
    select finding_id, everyone - done, not_done, 2 from complements where everyone >= done
    union all
    select finding_id, everyone - not_done, done, 0 from complements where everyone >= not_done
    union all
    select finding_id, numerator / 10, numerator, -10 from pairs
    where numerator % 10 = 0 and numerator / 10 <= whole_numerator

),

nil_written as (

    select finding_id, 'toàn bộ' as what_vi, 'the whole' as what_en, parts_numerator::text as meant, 80 as weight from wholes
    where numerator = 0
    union all
    select finding_id, 'toàn bộ', 'the whole', '≥ ' || numerator, 80 from pairs where whole_numerator = 0
    union all
    select finding_id, 'số đếm', 'the count', composed_amount::text, 80 from counts where amount = 0
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
        wholes.finding_id,
        'overlap',
        70,
        format('Giả thuyết: %s được đếm ở hai phần (%s − %s; có thể, vì %s ≤ %s).', parts_numerator - numerator,
            parts_numerator, numerator, parts_numerator - numerator, least.least),
        format('Hypothesis: %s are counted in two parts (%s − %s; possible, since %s ≤ %s).', parts_numerator - numerator,
            parts_numerator, numerator, parts_numerator - numerator, least.least)
    from wholes
    inner join (select distinct finding_id, least from parts) as least on wholes.finding_id = least.finding_id
    where
        parts_numerator > numerator
        and parts_numerator - numerator <= least.least

    union all

    select
        wholes.finding_id,
        'nil_for_missing',
        74,
        format('Giả thuyết: phần %s ghi 0 thay cho số chưa có (thiếu %s).', part.indicator, numerator - parts_numerator),
        format('Hypothesis: the part %s says 0 where its figure was missing (%s are missing).', part.indicator,
            numerator - parts_numerator)
    from wholes
    inner join (
        select finding_id, min(indicator) as indicator
        from parts
        where numerator = 0
        group by finding_id
        having count(*) = 1
    ) as part on wholes.finding_id = part.finding_id
    where parts_numerator < numerator

    union all

    select
        pairs.finding_id,
        'swapped',
        60,
        format('Giả thuyết: phần và toàn bộ ghi đổi chỗ (%s trong %s).', whole_numerator, numerator),
        format('Hypothesis: part and whole changed places (%s of %s).', whole_numerator, numerator)
    from pairs

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
