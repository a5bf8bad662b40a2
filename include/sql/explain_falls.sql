-- N04: how a cumulative count came to be below what it was before.
with recursive

fallen as (

    select
        finding.finding_id,
        compared.unit_id,
        compared.scope,
        compared.period,
        compared.period_before,
        compared.numerator as written,
        compared.numerator_before as before,
        (to_date(compared.period_before, 'YYYY-MM') + interval '1 month')::date - 1 as day_before,
        (to_date(compared.period, 'YYYY-MM') + interval '1 month')::date - 1 as day
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

of_this_period as (

    select
        finding_id,
        'flow_for_cumulative' as cause,
        50 as weight,
        format('Giả thuyết: nếu %s chỉ là số của riêng kỳ này thì số lũy kế là %s + %s = %s.', written, before, written,
            before + written) as text_vi,
        format('Hypothesis: if %s is the count of this period alone, the cumulative count would be %s + %s = %s.', written,
            before, written, before + written) as text_en,
        jsonb_build_object('meant', before + written, 'written', written) as detail
    from fallen
    where written > 0

),

-- Who was put under another unit between the two periods, and stands there still.
mover as (

    select
        before.unit_id,
        before.code,
        before.parent_unit_id as parent_before,
        now.parent_unit_id as parent_now,
        step.day_before,
        step.day
    from (select distinct day_before, day from fallen where scope = 'total') as step
    inner join reference.org_unit as before
        on
            before.valid @> step.day_before
            and upper(before.valid) <= step.day
    inner join reference.org_unit as now
        on
            before.unit_id = now.unit_id
            and now.valid @> step.day
            and before.parent_unit_id is distinct from now.parent_unit_id

),

-- All that it stood under then, and all that it stands under now.
above as (

    select
        unit_id,
        day_before,
        day,
        day_before as as_of,
        parent_before as above_unit_id
    from mover

    union

    select
        unit_id,
        day_before,
        day,
        day,
        parent_now
    from mover

    union

    select
        above.unit_id,
        above.day_before,
        above.day,
        above.as_of,
        unit.parent_unit_id
    from above
    inner join reference.org_unit as unit
        on
            above.above_unit_id = unit.unit_id
            and unit.valid @> above.as_of
    where unit.parent_unit_id is not null

),

-- A unit above is passed by who left it, not by who moved about below it.
gone as (

    select
        above.above_unit_id,
        above.day_before,
        above.day,
        mover.unit_id,
        mover.code
    from above
    inner join mover
        on
            above.unit_id = mover.unit_id
            and above.day_before = mover.day_before
            and above.day = mover.day
    group by above.above_unit_id, above.day_before, above.day, mover.unit_id, mover.code
    having bool_and(above.as_of = above.day_before)

),

gone_from as (

    select
        above_unit_id,
        day_before,
        day,
        count(*) as units,
        (array_agg(unit_id order by code))[1:3] as unit_ids,
        array_to_string((array_agg(code order by code))[1:3], ', ') as codes
    from gone
    group by above_unit_id, day_before, day

),

moved as (

    select
        fallen.finding_id,
        'moved_unit' as cause,
        84 as weight,
        format('Giả thuyết: đơn vị %s%s ở kỳ %s còn thuộc đơn vị này, nay thuộc nơi khác.', gone.codes,
            case when gone.units > 3 then format(' và %s đơn vị nữa', gone.units - 3) else '' end, fallen.period_before) as text_vi,
        case
            when gone.units = 1
                then format('Hypothesis: unit %s stood below in %s and stands elsewhere now.', gone.codes, fallen.period_before)
            else format('Hypothesis: units %s%s stood below in %s and stand elsewhere now.', gone.codes,
                case when gone.units > 3 then format(' and %s more', gone.units - 3) else '' end, fallen.period_before)
        end as text_en,
        jsonb_build_object('unit_ids', gone.unit_ids, 'units', gone.units, 'period', fallen.period_before) as detail
    from fallen
    inner join gone_from as gone
        on
            fallen.unit_id = gone.above_unit_id
            and fallen.day_before = gone.day_before
            and fallen.day = gone.day
    where fallen.scope = 'total'

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
select * from of_this_period
union all
select * from moved
union all
select * from slipped;
