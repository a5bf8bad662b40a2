-- N02, N03: a part that is more than its whole, and parts that are not the whole.
with

found as (

    select * from quality.run_finding
    where run_id = current_setting('tonghop.run_id')

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
        row_number() over (partition by wholes.finding_id order by part.numerator desc, part.indicator) as place
    from wholes
    inner join intermediate.int_observation_related as part
        on
            wholes.period = part.period
            and wholes.unit_id = part.unit_id
            and wholes.scope = part.scope
            and wholes.whole_indicator = part.part_of

),

-- What may be counted twice: in any two parts, in the two largest alone.
overlapping as (

    select
        wholes.finding_id,
        wholes.parts_numerator,
        wholes.numerator,
        wholes.parts_numerator - wholes.numerator as excess,
        min(parts.numerator) as least,
        max(parts.numerator) filter (where parts.place = 2) as second_largest,
        max(parts.indicator) filter (where parts.place = 1) as largest_indicator,
        max(parts.indicator) filter (where parts.place = 2) as second_indicator
    from wholes
    inner join parts on wholes.finding_id = parts.finding_id
    where wholes.parts_numerator > wholes.numerator
    group by wholes.finding_id, wholes.parts_numerator, wholes.numerator

),

pairs as materialized (

    select
        found.finding_id,
        compared.period,
        compared.unit_id,
        compared.scope,
        compared.indicator,
        compared.whole_indicator,
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

-- What the part and its whole were when they were last stated.
part_before as (

    select distinct on (pairs.finding_id)
        pairs.finding_id,
        before.numerator
    from pairs
    inner join pg_temp.stated_before as before
        on
            pairs.unit_id = before.unit_id
            and pairs.indicator = before.indicator
            and pairs.scope = before.scope
            and before.period < pairs.period
    order by pairs.finding_id, before.period desc

),

whole_before as (

    select distinct on (pairs.finding_id)
        pairs.finding_id,
        before.numerator
    from pairs
    inner join pg_temp.stated_before as before
        on
            pairs.unit_id = before.unit_id
            and pairs.whole_indicator = before.indicator
            and pairs.scope = before.scope
            and before.period < pairs.period
    order by pairs.finding_id, before.period desc

),

beside as materialized (

    select
        pairs.finding_id,
        pairs.numerator,
        pairs.whole_numerator,
        part_before.numerator as part_before,
        whole_before.numerator as whole_before,
        pairs.numerator between part_before.numerator and part_before.numerator * 1.5 + 5 as is_part_near,
        pairs.whole_numerator between whole_before.numerator and whole_before.numerator * 1.5 + 5 as is_whole_near
    from pairs
    left join part_before on pairs.finding_id = part_before.finding_id
    left join whole_before on pairs.finding_id = whole_before.finding_id

),

-- Which number may have been meant, and which was written. Of a part beyond its whole, whatever a slip could have been made
-- of and is possible: what is not less than before, nor far more, is likelier, unless that holds of what was written too, and
-- of the other number not. Any whole may have lost a nought, so that says as little as that it lost a digit.
possible as (

    select finding_id, 'whole' as place, parts_numerator::bigint as meant, numerator as written, 0 as extra from wholes
    union all
    select finding_id, 'part', meant::bigint, numerator, 2 from parts where meant >= 0
    union all
    select
        beside.finding_id,
        'part',
        meant,
        beside.numerator,
        case when 10 * meant = beside.numerator then -10 else -20 end
        + case
            when is_part_near and not is_whole_near then 0
            when meant between part_before and part_before * 1.5 + 5 then 24
            else 0
        end
    from beside
    cross join lateral quality.possibly_meant(beside.numerator) as meant
    where meant <= beside.whole_numerator
    union all
    select
        beside.finding_id,
        'whole',
        meant,
        beside.whole_numerator,
        case when meant = 10 * beside.whole_numerator then -36 else -20 end
        + case
            when is_whole_near and not is_part_near then 0
            when meant between whole_before and whole_before * 1.5 + 5 then 24
            else 0
        end
    from beside
    cross join lateral quality.possibly_meant(beside.whole_numerator) as meant
    where meant >= beside.numerator

),

-- Of each kind of slip the likeliest number speaks, and of those the nearest to what was written.
slipped as (

    select distinct on (possible.finding_id, slip.slip)
        possible.finding_id,
        slip.slip,
        quality.slip_weight(slip.slip) + possible.extra as weight,
        possible.place,
        possible.meant,
        possible.written
    from possible
    cross join lateral (select quality.slip(possible.meant, possible.written) as slip offset 0) as slip
    where slip.slip is not null
    order by possible.finding_id, slip.slip, possible.extra desc, abs(possible.meant - possible.written), possible.place

),

hypotheses as (

    select
        finding_id,
        'overlap' as cause,
        70 as weight,
        format('Giả thuyết: %s được đếm ở hai phần (%s − %s; có thể, vì %s ≤ %s).', excess, parts_numerator, numerator, excess,
            least) as text_vi,
        format('Hypothesis: %s are counted in two parts (%s − %s; possible, since %s ≤ %s).', excess, parts_numerator,
            numerator, excess, least) as text_en
    from overlapping
    where excess <= least

    union all

    select
        finding_id,
        'overlap',
        56,
        format('Giả thuyết: %s được đếm ở cả %s và %s (%s − %s; có thể, vì %s ≤ %s).', excess, largest_indicator,
            second_indicator, parts_numerator, numerator, excess, second_largest),
        format('Hypothesis: %s are counted both in %s and in %s (%s − %s; possible, since %s ≤ %s).', excess,
            largest_indicator, second_indicator, parts_numerator, numerator, excess, second_largest)
    from overlapping
    where
        excess > least
        and excess <= second_largest

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

    -- What each would be, beside what it was.
    select
        finding_id,
        'swapped',
        case
            when coalesce(part_before, whole_before) is null then 60
            when
                whole_numerator not between part_before and part_before * 1.5 + 5
                or numerator not between whole_before and whole_before * 1.5 + 5
                then 40
            when part_before is null or whole_before is null then 60
            else 80
        end,
        format('Giả thuyết: phần và toàn bộ ghi đổi chỗ (%s trong %s).', whole_numerator, numerator),
        format('Hypothesis: part and whole changed places (%s of %s).', whole_numerator, numerator)
    from beside

    union all

    select
        finding_id,
        'nil_for_missing',
        80,
        format('Giả thuyết: toàn bộ ghi 0 thay cho số chưa có (ở đây phải là %s).', meant),
        format('Hypothesis: the whole says 0 where its figure was missing (%s would fit).', meant)
    from (
        select finding_id, parts_numerator::text as meant from wholes where numerator = 0
        union all
        select finding_id, '≥ ' || numerator from pairs where whole_numerator = 0
    ) as nil_written

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select finding_id, cause, weight, text_vi, text_en, '{}'::jsonb from hypotheses
union all
select
    slipped.finding_id,
    slipped.slip,
    slipped.weight,
    words.text_vi,
    words.text_en,
    jsonb_build_object('where', slipped.place, 'meant', slipped.meant, 'written', slipped.written)
from slipped
cross join lateral quality.slip_words(slipped.slip, slipped.meant::text, slipped.written::text) as words;
