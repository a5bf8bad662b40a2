-- N04: how a cumulative count came to be below what it was before.
with

fallen as (

    select
        finding.finding_id,
        compared.numerator as written,
        compared.numerator_before as before
    from quality.run_finding as finding
    inner join intermediate.int_fall_compared as compared
        on
            finding.unit_id = compared.unit_id
            and finding.indicator = compared.indicator
            and finding.period = compared.period
            and finding.scope = compared.scope
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule = 'N04'

),

nil_written as (

    select
        finding_id,
        'nil_for_missing' as cause,
        90 as weight,
        format('Giả thuyết: ghi 0 thay cho số chưa có (trước đó đã là %s).', before) as text_vi,
        format('Hypothesis: 0 stands where the figure was missing (it was %s before).', before) as text_en,
        '{}'::jsonb as detail
    from fallen
    where written = 0

),

-- Whatever a slip could have been made of, and is what a cumulative count may be: not less than before, and not far more.
possible as (

    select
        fallen.*,
        meant
    from fallen
    cross join lateral quality.possibly_meant(fallen.written) as meant
    where
        fallen.written > 0
        and meant >= fallen.before
        and meant <= fallen.before * 1.5

),

-- Of each kind of slip the nearest number speaks. Many numbers lose a digit, one a nought.
slipped as (

    select distinct on (possible.finding_id, slip.slip)
        possible.finding_id,
        slip.slip as cause,
        case slip.slip when 'times_ten' then 62 else quality.slip_weight(slip.slip) end as weight,
        words.text_vi,
        words.text_en,
        jsonb_build_object('meant', possible.meant, 'written', possible.written) as detail
    from possible
    cross join lateral (select quality.slip(possible.meant, possible.written) as slip offset 0) as slip
    cross join lateral quality.slip_words(slip.slip, possible.meant::text, possible.written::text) as words
    where slip.slip is not null
    order by possible.finding_id, slip.slip, possible.meant

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select * from nil_written
union all
select * from slipped;
