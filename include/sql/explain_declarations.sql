-- N01, D05: which unit below explains why a declared total is not the sum (explain_declarations_begin.sql lays them out).
with

-- A declaration says one thing by two measures: where both are off, a unit explains it that fits both.
fitting as (

    select
        child.*,
        coalesce(unit.code, child.unit_id) as code,
        coalesce(bool_and(child.amount = -child.imbalance) over said_of, false) as is_all_missing,
        coalesce(bool_and(child.amount = child.imbalance) over said_of, false) as is_all_more
    from pg_temp.child as child
    inner join pg_temp.declared as declared on child.finding_id = declared.finding_id
    left join intermediate.int_unit_hierarchized as unit
        on
            declared.period = unit.period
            and child.unit_id = unit.unit_id
    window said_of as (partition by declared.period, declared.unit_id, declared.indicator, child.unit_id)

),

counted as (

    select
        fitting.*,
        count(*) filter (where amount = -imbalance) over said as as_much_missing,
        count(*) filter (where is_all_missing) over said as all_missing,
        count(*) filter (where amount = imbalance) over said as as_much_more,
        count(*) filter (where is_all_more) over said as all_more,
        count(*) filter (where mark = 'nil') over said as nils
    from fitting
    window said as (partition by finding_id)

),

named as (

    select
        counted.*,
        case when all_missing > 0 then is_all_missing and all_missing = 1 else as_much_missing = 1 end as is_the_one_missing,
        case when all_more > 0 then is_all_more and all_more = 1 else as_much_more = 1 end as is_the_one_more
    from counted

),

left_out as (

    select
        finding_id,
        'missing_children' as cause,
        case when is_the_one_missing then 84 else 62 end as weight,
        format('Giả thuyết: tổng khai bỏ sót đơn vị %s (%s).', code, amount) as text_vi,
        format('Hypothesis: the declared total leaves out unit %s (%s).', code, amount) as text_en,
        jsonb_build_object('unit_id', unit_id, 'amount', amount) as detail
    from named
    where amount = -imbalance and amount > 0

),

counted_twice as (

    select
        finding_id,
        'double_count' as cause,
        case when is_the_one_more then 84 else 62 end as weight,
        format('Giả thuyết: đơn vị %s (%s) được cộng hai lần.', code, amount) as text_vi,
        format('Hypothesis: unit %s (%s) is added twice.', code, amount) as text_en,
        jsonb_build_object('unit_id', unit_id, 'amount', amount) as detail
    from named
    where amount = imbalance and amount > 0

),

-- What a unit states and is not believed. It was not corrected, however often it was said.
set_aside as (

    select
        period,
        unit_id,
        indicator,
        measure,
        declared::text as stated
    from pg_temp.declared

    union all

    select
        finding.period,
        finding.unit_id,
        finding.indicator,
        case finding.rule when 'N01' then 'numerator' else 'denominator' end,
        finding.actual
    from staging.stg_store__finding as finding
    where finding.rule in ('N01', 'D05')

),

-- What a unit stated before it was corrected: the total was added up from that.
superseded as (

    select
        declared.finding_id,
        'later_version' as cause,
        90 as weight,
        format('Giả thuyết: tổng khai cộng số cũ của đơn vị %s (%s, nay là %s).', named.code, older.amount, named.amount) as text_vi,
        format('Hypothesis: the total was added up with what unit %s stated before (%s, now %s).', named.code, older.amount,
            named.amount) as text_en,
        jsonb_build_object('unit_id', named.unit_id, 'before', older.amount, 'now', named.amount) as detail
    from pg_temp.declared as declared
    inner join named on declared.finding_id = named.finding_id
    inner join (
        select
            repeated.period,
            repeated.unit_id,
            repeated.indicator,
            repeated.numerator,
            repeated.denominator
        from intermediate.int_statement_repeated as repeated
        where repeated.action = 'state'

        -- A province may be left alone tonight, and its statements with it.
        union

        select
            province.period,
            province.unit_id,
            statement.indicator,
            statement.numerator_value,
            statement.denominator_value
        from raw.statement as statement
        inner join ops.run_submission as frozen
            on
                statement.submission_seq = frozen.submission_seq
                and frozen.run_id = current_setting('tonghop.run_id')
        inner join intermediate.int_unit_hierarchized as province
            on
                statement.period = province.period
                and province.level = 'province'
        cross join lateral unnest(array[province.code, province.unit_id]) as name (text)
        where
            statement.action = 'state'
            and statement.unit_code = name.text
            and (statement.period, statement.indicator) in (
                select
                    declared.period,
                    declared.indicator
                from pg_temp.declared as declared
                inner join intermediate.int_unit_hierarchized as above
                    on
                        declared.period = above.period
                        and declared.unit_id = above.unit_id
                        and above.province_unit_id is null
            )
    ) as stated
        on
            declared.period = stated.period
            and declared.indicator = stated.indicator
            and named.unit_id = stated.unit_id
    cross join lateral (
        select case declared.measure when 'numerator' then stated.numerator else stated.denominator end as amount
    ) as older
    where
        older.amount <> named.amount
        and older.amount - named.amount = declared.imbalance
        and not exists (
            select
            from set_aside
            where
                set_aside.period = declared.period
                and set_aside.unit_id = named.unit_id
                and set_aside.indicator = declared.indicator
                and set_aside.measure = declared.measure
                and set_aside.stated = older.amount::text
        )

),

nil_written as (

    select
        finding_id,
        'nil_for_missing' as cause,
        case when nils = 1 then 72 else 48 end as weight,
        format('Giả thuyết: đơn vị %s ghi 0 thay cho số chưa có (tổng khai nhiều hơn %s).', code, imbalance) as text_vi,
        format('Hypothesis: unit %s said 0 where its figure was missing (the total has %s more).', code, imbalance) as text_en,
        jsonb_build_object('unit_id', unit_id) as detail
    from named
    where
        mark = 'nil'
        and imbalance > 0

),

-- The total, or the figure of one unit, with a slip of the pen.
possible as (

    select
        finding_id,
        computed::bigint as meant,
        declared::bigint as written,
        4 as extra,
        false as is_small,
        '' as of_vi,
        '' as of_en,
        '{}'::jsonb as detail
    from pg_temp.declared

    union all

    select
        finding_id,
        (amount + imbalance)::bigint,
        amount::bigint,
        -2,
        amount < 10,
        format(' Đơn vị %s.', code),
        format(' Unit %s.', code),
        jsonb_build_object('unit_id', unit_id)
    from named
    where
        amount + imbalance >= 0
        and amount > 0

),

-- Many a number has a given digit: of the units with one digit a slip says little, if it could be that of several.
slipped as (

    select
        possible.finding_id,
        slip.slip as cause,
        quality.slip_weight(slip.slip) + possible.extra
        - case
            when not possible.is_small then 0
            when 1 < count(*) filter (where possible.is_small) over (partition by possible.finding_id) then 28
            else 12
        end as weight,
        words.text_vi || possible.of_vi as text_vi,
        words.text_en || possible.of_en as text_en,
        possible.detail || jsonb_build_object('meant', possible.meant, 'written', possible.written) as detail
    from possible
    cross join lateral (select quality.slip(possible.meant, possible.written) as slip offset 0) as slip
    cross join lateral quality.slip_words(slip.slip, possible.meant::text, possible.written::text) as words
    where slip.slip is not null

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select * from left_out
union all
select * from counted_twice
union all
select * from superseded
union all
select * from nil_written
union all
select * from slipped;
