-- R01, R03: which of numerator, denominator and rate is likely to be the wrong one.
with

wrong as (

    select
        finding.finding_id,
        finding.rule,
        own.*,
        -- What the other two of the three numbers give.
        quality.as_count(own.stated_percent * coalesce(own.denominator, own.ledger_count) / 100) as meant_numerator,
        case when own.stated_percent > 0 then quality.as_count(100 * own.numerator / own.stated_percent) end as meant_denominator
    from quality.run_finding as finding
    inner join pg_temp.nearby as own
        on
            finding.unit_id = own.unit_id
            and finding.indicator = own.indicator
            and finding.period = own.period
            and finding.scope = own.scope
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule in ('R01', 'R03')

),

of_neighbour as (

    select
        wrong.finding_id,
        'rate_of_a_neighbour' as cause,
        90 as weight,
        format('Giả thuyết: %s là tỷ lệ của %s/%s (%s).', wrong.stated_rate_text, neighbour.numerator,
            neighbour.denominator, neighbour.indicator) as text_vi,
        format('Hypothesis: %s is the rate of %s/%s (%s).', wrong.stated_rate_text, neighbour.numerator,
            neighbour.denominator, neighbour.indicator) as text_en,
        jsonb_build_object('indicator', neighbour.indicator) as detail
    from wrong
    inner join pg_temp.nearby as neighbour
        on
            wrong.unit_id = neighbour.unit_id
            and wrong.period = neighbour.period
            and wrong.indicator <> neighbour.indicator
            and neighbour.denominator > 0
            and round(neighbour.exact_percent, wrong.rate_decimals) = wrong.stated_percent
    where
        wrong.rule = 'R01'
        and wrong.stated_percent not in (0, 100)  -- nil and all are everybody's rates

),

-- The rate was worked out of a count that has changed since.
stale as (

    select distinct on (wrong.finding_id)
        wrong.finding_id,
        'stale_denominator' as cause,
        86 as weight,
        format('Giả thuyết: %s tính trên số %s của kỳ %s.', wrong.stated_rate_text, before.amount, before.period) as text_vi,
        format('Hypothesis: %s is of %s, the count of %s.', wrong.stated_rate_text, before.amount, before.period) as text_en,
        jsonb_build_object('period', before.period, 'amount', before.amount) as detail
    from wrong
    inner join pg_temp.counted_before as before
        on
            wrong.unit_id = before.unit_id
            and wrong.population = before.population
            and before.period < wrong.period
            and before.amount > 0
            and before.amount is distinct from wrong.ledger_count
            and round(100.0 * wrong.numerator / nullif(before.amount, 0), wrong.rate_decimals) = wrong.stated_percent
    order by wrong.finding_id, before.period desc

),

truncated as (

    select
        finding_id,
        'truncated' as cause,
        91 as weight,
        format('Giả thuyết: %s bị cắt, không làm tròn (%s%%).', stated_rate_text, round(exact_percent, rate_decimals)) as text_vi,
        format('Hypothesis: %s was cut, not rounded (%s%%).', stated_rate_text, round(exact_percent, rate_decimals)) as text_en,
        '{}'::jsonb as detail
    from wrong
    where
        rule = 'R01'
        and trunc(exact_percent, rate_decimals) = stated_percent

),

exchanged as (

    select
        finding_id,
        'swapped' as cause,
        94 as weight,
        format('Giả thuyết: tử số và mẫu số ghi đổi chỗ: %s là tỷ lệ của %s/%s.', stated_rate_text, denominator, numerator)
            as text_vi,
        format('Hypothesis: numerator and denominator changed places: %s is the rate of %s/%s.', stated_rate_text,
            denominator, numerator) as text_en,
        '{}'::jsonb as detail
    from wrong
    where
        rule = 'R01'
        and numerator > 0
        and round(100.0 * denominator / nullif(numerator, 0), rate_decimals) = stated_percent

),

-- The comma of the rate in another place: stated × factor is the exact rate, at the digits that this leaves.
comma_moved as (

    select
        wrong.finding_id,
        'times_ten' as cause,
        89 as weight,
        format('Giả thuyết: dấu phẩy của %s đặt lệch %s chữ số (phải là %s).', wrong.stated_rate_text, abs(moved.places),
            exact.text) as text_vi,
        format('Hypothesis: the decimal comma of %s is %s %s off (the rate would be %s).', wrong.stated_rate_text,
            abs(moved.places), case when abs(moved.places) = 1 then 'place' else 'places' end, exact.text) as text_en,
        jsonb_build_object('where', 'rate', 'places', moved.places, 'meant', exact.percent, 'written', wrong.stated_percent)
            as detail
    from wrong
    cross join (values (-3, 0.001), (-2, 0.01), (-1, 0.1), (1, 10), (2, 100), (3, 1000)) as moved (places, factor)
    cross join lateral (
        select round(wrong.exact_percent, greatest(wrong.rate_decimals - moved.places, 0)) as percent
    ) as shown
    cross join lateral (
        select
            shown.percent,
            case when wrong.stated_rate_text like '%.%' then shown.percent::text else replace(shown.percent::text, '.', ',') end
            || '%' as text
    ) as exact
    where
        wrong.rule = 'R01'
        and wrong.stated_percent * 10::numeric ^ wrong.rate_decimals >= 10  -- one digit is right by chance too often
        and wrong.stated_percent * moved.factor = shown.percent

),

-- A numerator, a denominator or the rate itself with a slip of the pen; the ledger's count speaks for the denominator.
candidates as (

    select finding_id, 'numerator' as place, meant_numerator as meant, numerator as written, null as meant_text,
        null as written_text,
        case
            when stated_percent > 100 then -10  -- beyond a hundred it is rather the rate that is wrong
            when ledger_count is distinct from denominator and denominator is not null then 0
            else 4
        end as extra
    from wrong
    where round(100.0 * meant_numerator / nullif(coalesce(denominator, ledger_count), 0), rate_decimals) = stated_percent

    union all

    select finding_id, 'denominator' as place, coalesce(fits.amount, meant_denominator), denominator, null, null,
        case when fits.amount is not null then 6 else -6 end as extra
    from wrong
    left join lateral (
        select ledger_count as amount
        where
            ledger_count > 0
            and round(100.0 * numerator / nullif(ledger_count, 0), rate_decimals) = stated_percent
    ) as fits on true
    where
        rule = 'R01'
        and ledger_count is distinct from denominator

    union all

    select finding_id, 'rate' as place,
        quality.as_count(round(exact_percent, rate_decimals) * 10::numeric ^ rate_decimals),
        quality.as_count(stated_percent * 10::numeric ^ rate_decimals),
        case when stated_rate_text like '%,%' then replace(exact.text, '.', ',') else exact.text end, stated_rate_text, 2
    from wrong
    cross join lateral (select round(exact_percent, rate_decimals) || '%' as text) as exact
    where rule = 'R01'

),

slipped as (

    select
        candidates.finding_id,
        slip.slip as cause,
        quality.slip_weight(slip.slip) + candidates.extra as weight,
        words.text_vi,
        words.text_en,
        jsonb_build_object('where', candidates.place, 'meant', candidates.meant, 'written', candidates.written) as detail
    from candidates
    cross join lateral (select quality.slip(candidates.meant, candidates.written) as slip offset 0) as slip
    cross join lateral quality.slip_words(
        slip.slip,
        coalesce(candidates.meant_text, candidates.meant::text),
        coalesce(candidates.written_text, candidates.written::text)
    ) as words
    where slip.slip is not null

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select * from of_neighbour
union all
select * from stale
union all
select * from truncated
union all
select * from exchanged
union all
select * from comma_moved
union all
select * from slipped;
