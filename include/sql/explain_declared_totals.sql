-- N01, D05: what a declared total may be instead of the sum: that of another month, that of another tree, that of some of the
-- units below (explain_declarations_begin.sql lays them out).
with

periods as (

    select
        period.period,
        max(known.period) as period_before
    from staging.stg_ops__period as period
    inner join (
        select period from staging.stg_ops__period
        union
        select period_before from staging.stg_store__earlier_period
    ) as known on known.period < period.period
    group by period.period

),

asked as materialized (

    select
        declared.finding_id,
        declared.period,
        declared.unit_id,
        declared.indicator,
        declared.declared,
        periods.period_before
    from pg_temp.declared as declared
    inner join periods on declared.period = periods.period
    where declared.measure = 'numerator'

),

-- What the unit declared the month before, whatever became of it, unless a rule on observations withheld it.
declared_before as (

    select
        asked.finding_id,
        asked.declared,
        asked.period_before
    from asked
    inner join intermediate.int_observation_standing as standing
        on
            asked.period_before = standing.period
            and asked.unit_id = standing.unit_id
            and asked.indicator = standing.indicator
            and standing.fact_scope = 'total'
            and asked.declared = standing.numerator
    left join quality.run_withheld as withheld
        on
            withheld.run_id = current_setting('tonghop.run_id')
            and standing.period = withheld.period
            and standing.unit_id = withheld.unit_id
            and standing.indicator = withheld.indicator
            and standing.fact_scope = withheld.scope
    where coalesce(withheld.rules <@ array['D05', 'N01', 'HELD'], true)

    union all

    select
        asked.finding_id,
        asked.declared,
        asked.period_before
    from asked
    inner join staging.stg_store__earlier_observation as earlier
        on
            asked.period = earlier.period
            and asked.period_before = earlier.period_before
            and asked.unit_id = earlier.unit_id
            and asked.indicator = earlier.indicator
            and earlier.fact_scope = 'total'
            and asked.declared = earlier.numerator
    where
        earlier.period_key = any(array(
            select period_key_before from staging.stg_store__earlier_period where is_directly_before
        ))
        and earlier.indicator_key = any(array(
            select key.indicator_key
            from staging.stg_store__indicator as key
            where key.indicator in (select indicator from asked)
        ))
        and earlier.unit_key = any(array(
            select key.unit_key
            from staging.stg_store__unit as key
            where key.unit_id in (select unit_id from asked)
        ))

),

stale as (

    select
        finding_id,
        'stale_total' as cause,
        87 as weight,
        format('Giả thuyết: %s là tổng khai của kỳ %s.', declared, period_before) as text_vi,
        format('Hypothesis: %s is the total declared for %s.', declared, period_before) as text_en,
        jsonb_build_object('period', period_before) as detail
    from declared_before

),

nil_declared as (

    select
        finding_id,
        'nil_for_missing' as cause,
        88 as weight,
        format('Giả thuyết: tổng khai ghi 0 thay cho số chưa có (cộng lại được %s).', computed) as text_vi,
        format('Hypothesis: the total says 0 where its figure was missing (the sum is %s).', computed) as text_en,
        '{}'::jsonb as detail
    from pg_temp.declared
    where
        declared = 0
        and computed > 0

),

-- A unit that stood under this one in an earlier period. Lately is likelier than long ago.
moved_away as (

    select distinct on (declared.finding_id)
        declared.finding_id,
        'moved_unit' as cause,
        case
            when unit.left_on > (to_date(declared.period, 'YYYY-MM') - interval '11 months')::date then 86
            else 80
        end as weight,
        format('Giả thuyết: tổng khai vẫn gồm đơn vị %s (%s), nay thuộc nơi khác.', unit.code, observation.amount) as text_vi,
        format('Hypothesis: the total still holds unit %s (%s), which is under another now.', unit.code, observation.amount)
            as text_en,
        jsonb_build_object('unit_id', unit.unit_id, 'amount', observation.amount) as detail
    from pg_temp.declared as declared
    inner join pg_temp.once_below as unit on declared.finding_id = unit.finding_id
    inner join lateral (
        select case declared.measure when 'numerator' then counting.numerator else counting.denominator end as amount
        from pg_temp.counting as counting
        where
            counting.period = declared.period
            and counting.indicator = declared.indicator
            and counting.unit_id = unit.unit_id
    ) as observation on observation.amount = declared.imbalance
    order by declared.finding_id, unit.left_on desc, unit.unit_id

),

-- And one that came to stand under it in the last twelve months, and is not in the total yet.
moved_here as (

    select distinct on (declared.finding_id)
        declared.finding_id,
        'moved_unit' as cause,
        85 as weight,
        format('Giả thuyết: tổng khai chưa gồm đơn vị %s (%s), mới về đây.', coalesce(unit.code, child.unit_id), child.amount)
            as text_vi,
        format('Hypothesis: the total does not hold unit %s (%s) yet, which came here lately.',
            coalesce(unit.code, child.unit_id), child.amount) as text_en,
        jsonb_build_object('unit_id', child.unit_id, 'amount', child.amount) as detail
    from pg_temp.declared as declared
    inner join pg_temp.child as child
        on
            declared.finding_id = child.finding_id
            and child.amount = -declared.imbalance
            and child.amount > 0
    inner join reference.org_unit as before
        on
            child.unit_id = before.unit_id
            and before.parent_unit_id <> declared.unit_id
            and upper(before.valid) > (to_date(declared.period, 'YYYY-MM') - interval '11 months')::date
            and upper(before.valid) <= (to_date(declared.period, 'YYYY-MM') + interval '1 month')::date
    left join intermediate.int_unit_hierarchized as unit
        on
            declared.period = unit.period
            and child.unit_id = unit.unit_id
    order by declared.finding_id, child.unit_id

),

-- One unit alone is all of the total.
alone as (

    select
        declared.finding_id,
        'missing_children' as cause,
        case count(*) over (partition by declared.finding_id) when 1 then 74 else 56 end as weight,
        format('Giả thuyết: tổng khai chỉ gồm đơn vị %s (%s), bỏ sót các đơn vị khác.', coalesce(unit.code, child.unit_id),
            child.amount) as text_vi,
        format('Hypothesis: the declared total is that of unit %s alone (%s).', coalesce(unit.code, child.unit_id), child.amount)
            as text_en,
        jsonb_build_object('unit_id', child.unit_id, 'amount', child.amount) as detail
    from pg_temp.declared as declared
    inner join pg_temp.child as child
        on
            declared.finding_id = child.finding_id
            and declared.declared = child.amount
            and child.amount > 0
    left join intermediate.int_unit_hierarchized as unit
        on
            declared.period = unit.period
            and child.unit_id = unit.unit_id

),

-- Two units are left out: said only where no other two would do.
two_left_out as (

    select
        declared.finding_id,
        'missing_children' as cause,
        70 as weight,
        format('Giả thuyết: tổng khai bỏ sót hai đơn vị %s (%s) và %s (%s).', min(coalesce(unit.code, one.unit_id)),
            min(one.amount), min(coalesce(unit_other.code, other.unit_id)), min(other.amount)) as text_vi,
        format('Hypothesis: the declared total leaves out units %s (%s) and %s (%s).', min(coalesce(unit.code, one.unit_id)),
            min(one.amount), min(coalesce(unit_other.code, other.unit_id)), min(other.amount)) as text_en,
        jsonb_build_object('unit_ids', jsonb_build_array(min(one.unit_id), min(other.unit_id))) as detail
    from pg_temp.declared as declared
    inner join pg_temp.child as one
        on
            declared.finding_id = one.finding_id
            and one.amount > 0
    inner join pg_temp.child as other
        on
            declared.finding_id = other.finding_id
            and other.amount = -declared.imbalance - one.amount
            and other.amount > 0
            and one.unit_id < other.unit_id
    left join intermediate.int_unit_hierarchized as unit
        on
            declared.period = unit.period
            and one.unit_id = unit.unit_id
    left join intermediate.int_unit_hierarchized as unit_other
        on
            declared.period = unit_other.period
            and other.unit_id = unit_other.unit_id
    where declared.imbalance < 0
    group by declared.finding_id
    having count(*) = 1

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select * from stale
union all
select * from nil_declared
union all
select * from moved_away
union all
select * from moved_here
union all
select * from alone
union all
select * from two_left_out;
