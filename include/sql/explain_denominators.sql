-- D03, D04: how another number came to stand where the ledger's belongs.
with

wrong as (

    select
        finding.finding_id,
        quoted.period,
        quoted.unit_id,
        quoted.population,
        quoted.numerator,
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
        and finding.rule in ('D03', 'D04')
        and quoted.denominator > 0
        and not quoted.is_nested
        and quoted.denominator is distinct from quoted.ledger_count

),

known as (

    select
        counted.period,
        counted.unit_id,
        counted.population,
        counted.amount,
        defined.composed_of,
        defined.name_vi,
        defined.name_en
    from intermediate.int_population_counted as counted
    inner join intermediate.int_population_defined as defined
        on
            counted.period = defined.period
            and counted.population = defined.population
    where (counted.period, counted.unit_id) in (select period, unit_id from wrong)

),

-- The count of another population of the unit.
of_another as (

    select
        wrong.finding_id,
        'scope_mixed' as cause,
        case when own.composed_of @> array[other.population] or other.composed_of @> array[wrong.population] then 84 else 80 end
            as weight,
        format('Giả thuyết: %s là số %s.', wrong.denominator, other.name_vi) as text_vi,
        format('Hypothesis: %s counts %s.', wrong.denominator, other.name_en) as text_en,
        jsonb_build_object('population', other.population, 'amount', other.amount) as detail
    from wrong
    inner join known as other
        on
            wrong.period = other.period
            and wrong.unit_id = other.unit_id
            and wrong.denominator = other.amount
            and wrong.population <> other.population
    left join known as own
        on
            wrong.period = own.period
            and wrong.unit_id = own.unit_id
            and wrong.population = own.population

),

-- Two populations of the unit together: its own and another first, and what the catalogue composes.
together as (

    select
        wrong.finding_id,
        'scope_mixed' as cause,
        case
            when whole.population is not null then 92
            when wrong.population in (one.population, other.population) then 82
            else 58
        end as weight,
        format(
            'Giả thuyết: %s = %s %s + %s %s%s.', wrong.denominator, greatest(one.amount, other.amount),
            case when one.amount >= other.amount then one.name_vi else other.name_vi end, least(one.amount, other.amount),
            case when one.amount >= other.amount then other.name_vi else one.name_vi end,
            coalesce(' (' || whole.name_vi || ')', '')
        ) as text_vi,
        format(
            'Hypothesis: %s = %s %s + %s %s%s.', wrong.denominator, greatest(one.amount, other.amount),
            case when one.amount >= other.amount then one.name_en else other.name_en end, least(one.amount, other.amount),
            case when one.amount >= other.amount then other.name_en else one.name_en end,
            coalesce(' (' || whole.name_en || ')', '')
        ) as text_en,
        jsonb_build_object('populations', array[one.population, other.population], 'amount', wrong.denominator) as detail
    from wrong
    inner join known as one
        on
            wrong.period = one.period
            and wrong.unit_id = one.unit_id
            and one.amount > 0
    inner join known as other
        on
            wrong.period = other.period
            and wrong.unit_id = other.unit_id
            and one.population < other.population
            and other.amount > 0
            and wrong.denominator - one.amount = other.amount  -- so that it is looked up
    left join known as whole
        on
            wrong.period = whole.period
            and wrong.unit_id = whole.unit_id
            and whole.composed_of @> array[one.population, other.population]
            and cardinality(whole.composed_of) = 2
    -- A whole and one of its parts are not two populations.
    where
        not coalesce(one.composed_of @> array[other.population], false)
        and not coalesce(other.composed_of @> array[one.population], false)

),

-- What the unit's count was in an earlier period; where nothing counts now, that rather speaks for it.
stale as (

    select distinct on (wrong.finding_id)
        wrong.finding_id,
        'stale_denominator' as cause,
        case when wrong.ledger_count is null then 56 else 88 end as weight,
        format('Giả thuyết: %s là số của kỳ %s.', wrong.denominator, before.period) as text_vi,
        format('Hypothesis: %s is the count of %s.', wrong.denominator, before.period) as text_en,
        jsonb_build_object('period', before.period, 'amount', before.amount) as detail
    from wrong
    inner join pg_temp.counted_before as before
        on
            wrong.unit_id = before.unit_id
            and wrong.population = before.population
            and wrong.denominator = before.amount
            and before.period < wrong.period
    order by wrong.finding_id, before.period desc

),

-- A declared total whose denominator leaves a unit below out, or has it twice.
below as (

    select
        wrong.finding_id,
        case when wrong.denominator < wrong.ledger_count then 'missing_children' else 'double_count' end as cause,
        case when count(*) over (partition by wrong.finding_id) = 1 then 83 else 60 end as weight,
        case
            when wrong.denominator < wrong.ledger_count
                then format('Giả thuyết: mẫu số bỏ sót đơn vị %s (%s).', child.code, counted.amount)
            else format('Giả thuyết: mẫu số cộng đơn vị %s (%s) hai lần.', child.code, counted.amount)
        end as text_vi,
        case
            when wrong.denominator < wrong.ledger_count
                then format('Hypothesis: the denominator leaves out unit %s (%s).', child.code, counted.amount)
            else format('Hypothesis: the denominator has unit %s (%s) twice.', child.code, counted.amount)
        end as text_en,
        jsonb_build_object('unit_id', child.unit_id, 'amount', counted.amount) as detail
    from wrong
    inner join intermediate.int_unit_hierarchized as child
        on
            wrong.period = child.period
            and wrong.unit_id = child.parent_unit_id
    inner join (
        select distinct period, unit_id, population, amount
        from intermediate.int_population_resolved
        where
            (period, unit_id) in (
                select
                    unit.period,
                    unit.unit_id
                from intermediate.int_unit_hierarchized as unit
                where (unit.period, unit.parent_unit_id) in (select period, unit_id from wrong)
            )
    ) as counted
        on
            wrong.period = counted.period
            and child.unit_id = counted.unit_id
            and wrong.population = counted.population
            and counted.amount > 1
            and counted.amount = abs(wrong.denominator - wrong.ledger_count)

),

exchanged as (

    select
        finding_id,
        'swapped' as cause,
        94 as weight,
        format('Giả thuyết: tử số và mẫu số ghi đổi chỗ (%s/%s).', denominator, numerator) as text_vi,
        format('Hypothesis: numerator and denominator changed places (%s/%s).', denominator, numerator) as text_en,
        '{}'::jsonb as detail
    from wrong
    where
        numerator = ledger_count
        and denominator < numerator

),

slipped as (

    select
        wrong.finding_id,
        slip.slip as cause,
        quality.slip_weight(slip.slip) as weight,
        words.text_vi,
        words.text_en,
        jsonb_build_object('meant', wrong.ledger_count, 'written', wrong.denominator) as detail
    from wrong
    cross join lateral (select quality.slip(wrong.ledger_count, wrong.denominator) as slip offset 0) as slip
    cross join lateral quality.slip_words(slip.slip, wrong.ledger_count::text, wrong.denominator::text) as words
    where slip.slip is not null

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select * from of_another
union all
select * from together
union all
select * from stale
union all
select * from below
union all
select * from exchanged
union all
select * from slipped;
