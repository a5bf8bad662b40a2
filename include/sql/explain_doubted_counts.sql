-- D01, D03, D04: where nought stands for a count, where a unit's own quotes leave its count open, and where the count that
-- the ledger was told is likelier to be wrong than the quote that differs from it.
with

quoted as (

    select
        finding.finding_id,
        finding.rule,
        quoted.period,
        quoted.unit_id,
        quoted.population,
        quoted.denominator,
        quoted.ledger_count
    from quality.run_finding as finding
    inner join pg_temp.nearby as quoted
        on
            finding.unit_id = quoted.unit_id
            and finding.period = quoted.period
            and finding.population = quoted.population
            and (finding.rule = 'D04' or (finding.indicator = quoted.indicator and finding.scope = quoted.scope))
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule in ('D01', 'D03', 'D04')
        and not quoted.is_nested

),

nil_written as (

    select
        finding_id,
        'nil_for_missing' as cause,
        80 as weight,
        format('Giả thuyết: mẫu số ghi 0 thay cho số chưa có (số đã biết là %s).', ledger_count) as text_vi,
        format('Hypothesis: 0 was written where the count was missing (the ledger has %s).', ledger_count) as text_en,
        jsonb_build_object('amount', ledger_count) as detail
    from quoted
    where
        rule = 'D01'
        and denominator = 0
        and ledger_count > 0

),

-- The counts known before that a quote repeats; of the latest period that has it.
repeated as (

    select
        quoted.finding_id,
        quoted.denominator,
        max(before.period) as period
    from quoted
    inner join pg_temp.counted_before as before
        on
            quoted.unit_id = before.unit_id
            and quoted.population = before.population
            and quoted.denominator = before.amount
            and before.period < quoted.period
    where
        quoted.rule = 'D04'
        and quoted.ledger_count is null
    group by quoted.finding_id, quoted.denominator

),

-- Which of the quotes is likeliest to be meant: what was counted before, what most say, what is least.
likely as (

    select
        quoted.finding_id,
        quoted.denominator as amount,
        row_number() over (
            partition by quoted.finding_id
            order by repeated.period is not null desc, count(*) desc, quoted.denominator
        ) as place,
        rank() over (partition by quoted.finding_id order by repeated.period is not null desc, count(*) desc) = 1 as is_likeliest
    from quoted
    left join repeated
        on
            quoted.finding_id = repeated.finding_id
            and quoted.denominator = repeated.denominator
    where
        quoted.rule = 'D04'
        and quoted.ledger_count is null
        and quoted.denominator > 0
    group by quoted.finding_id, quoted.denominator, repeated.period

),

-- What one quote became in another; three may have been meant, so that a unit with many quotes stays quick.
of_one_another as (

    select
        meant.finding_id,
        slip.slip as cause,
        quality.slip_weight(slip.slip) - case when meant.is_likeliest then 4 else 12 end as weight,
        words.text_vi,
        words.text_en,
        jsonb_build_object('meant', meant.amount, 'written', written.amount) as detail
    from likely as meant
    inner join likely as written
        on
            meant.finding_id = written.finding_id
            and meant.place < written.place
    cross join lateral (select quality.slip(meant.amount, written.amount) as slip offset 0) as slip
    cross join lateral quality.slip_words(slip.slip, meant.amount::text, written.amount::text) as words
    where
        meant.place <= 3
        and slip.slip is not null

),

-- Returns that a slip makes of what is quoted.
returned as materialized (

    select
        quoted.*,
        slip.slip
    from quoted
    inner join intermediate.int_population_counted as counted
        on
            quoted.unit_id = counted.unit_id
            and quoted.population = counted.population
            and quoted.period = counted.period
            and quoted.ledger_count = counted.amount
    cross join lateral (select quality.slip(quoted.denominator, quoted.ledger_count) as slip offset 0) as slip
    where
        quoted.rule = 'D03'
        and counted.source = 'return'
        and slip.slip <> 'digit_mistyped'

),

-- What was counted before.
kept as (

    select distinct on (returned.finding_id)
        returned.*,
        before.period as period_before,
        before.amount as amount_before
    from returned
    inner join pg_temp.counted_before as before
        on
            returned.unit_id = before.unit_id
            and returned.population = before.population
            and before.period < returned.period
    order by returned.finding_id, before.period desc

),

-- The return slipped of what was counted before and is still quoted; less likely where another quote says the same as it.
returned_wrong as (

    select
        kept.finding_id,
        kept.slip as cause,
        case when bool_or(quoted.denominator is not null) then 70 else 90 end as weight,
        format('Giả thuyết: số đã báo cáo (%s) lẽ ra là %s (%s): kỳ %s là %s, và mẫu số cũng ghi %s.', kept.ledger_count,
            kept.denominator, said.slip_vi, kept.period_before, kept.denominator, kept.denominator) as text_vi,
        format('Hypothesis: the return (%s) was likely meant to be %s (%s): it was %s in %s, and is quoted as %s.',
            kept.ledger_count, kept.denominator, said.slip_en, kept.denominator, kept.period_before, kept.denominator) as text_en,
        jsonb_build_object('where', 'return', 'meant', kept.denominator, 'written', kept.ledger_count) as detail
    from kept
    inner join (
        values
        ('times_ten', 'thừa hoặc thiếu một chữ số 0', 'a nought too many or too few'),
        ('digits_swapped', 'đổi chỗ hai chữ số', 'two digits swapped'),
        ('digit_dropped', 'thiếu một chữ số', 'a digit dropped'),
        ('digit_added', 'thừa một chữ số', 'a digit too many')
    ) as said (slip, slip_vi, slip_en) on kept.slip = said.slip
    left join quoted
        on
            quoted.rule = 'D04'
            and kept.unit_id = quoted.unit_id
            and kept.period = quoted.period
            and kept.population = quoted.population
            and kept.ledger_count = quoted.denominator
    where kept.denominator = kept.amount_before
    group by kept.finding_id, kept.slip, kept.ledger_count, kept.denominator, kept.period_before, said.slip_vi, said.slip_en

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select * from nil_written
union all
select * from of_one_another
union all
select * from returned_wrong;
