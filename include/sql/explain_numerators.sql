-- D02: how a numerator came to be above its denominator.
with

wrong as (

    select
        finding.finding_id,
        own.numerator,
        own.denominator,
        own.ledger_count,
        quality.as_count(own.stated_percent * own.denominator / 100) as meant_numerator
    from quality.run_finding as finding
    inner join pg_temp.nearby as own
        on
            finding.unit_id = own.unit_id
            and finding.indicator = own.indicator
            and finding.period = own.period
            and finding.scope = own.scope
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule = 'D02'

),

exchanged as (

    select
        finding_id,
        'swapped' as cause,
        case when numerator = ledger_count then 94 else 52 end as weight,
        format('Giả thuyết: tử số và mẫu số ghi đổi chỗ (%s/%s).', denominator, numerator) as text_vi,
        format('Hypothesis: numerator and denominator changed places (%s/%s).', denominator, numerator) as text_en,
        '{}'::jsonb as detail
    from wrong
    where
        numerator = ledger_count
        or ledger_count is null

),

-- What the rate gives; without a rate, whatever a slip could have been made of and is possible.
possible as (

    select finding_id, meant_numerator as meant, numerator as written, 0 as extra
    from wrong
    where meant_numerator is not null

    union all

    select finding_id, numerator / 10, numerator, -4
    from wrong
    where meant_numerator is null and numerator % 10 = 0 and numerator / 10 <= denominator

    union all

    select wrong.finding_id, meant, wrong.numerator, -20
    from wrong
    cross join lateral quality.possibly_meant(wrong.numerator) as meant
    where wrong.meant_numerator is null and meant <= wrong.denominator

    union all

    -- The denominator lost something, where the ledger says so.
    select finding_id, ledger_count, denominator, 6
    from wrong
    where ledger_count >= numerator

),

slipped as (

    select
        possible.finding_id,
        slip.slip as cause,
        quality.slip_weight(slip.slip) + possible.extra as weight,
        words.text_vi,
        words.text_en,
        jsonb_build_object('meant', possible.meant, 'written', possible.written) as detail
    from possible
    cross join lateral (select quality.slip(possible.meant, possible.written) as slip offset 0) as slip
    cross join lateral quality.slip_words(slip.slip, possible.meant::text, possible.written::text) as words
    where slip.slip is not null

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select * from exchanged
union all
select * from slipped;
