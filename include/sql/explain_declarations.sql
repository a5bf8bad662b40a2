-- N01, D05: which unit below explains why a declared total is not the sum.
drop table if exists pg_temp.declared, pg_temp.child;

create temporary table declared as
select
    finding.finding_id,
    compared.period,
    compared.unit_id,
    compared.indicator,
    compared.measure,
    compared.declared,
    compared.computed,
    compared.imbalance
from quality.run_finding as finding
inner join intermediate.int_declaration_compared as compared
    on
        finding.period = compared.period
        and finding.unit_id = compared.unit_id
        and finding.indicator = compared.indicator
        and case finding.rule when 'N01' then 'numerator' else 'denominator' end = compared.measure
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.rule in ('N01', 'D05');
analyze pg_temp.declared;

-- Every unit directly below, with what it counts in the sum: reporters, then nodes of the tree.
create temporary table child as
select
    declared.finding_id,
    reporter.unit_id,
    observation.mark,
    case declared.measure when 'numerator' then observation.numerator else observation.summed_denominator end as amount,
    declared.imbalance
from pg_temp.declared as declared
inner join intermediate.int_reporter_identified as reporter
    on
        declared.period = reporter.period
        and declared.unit_id = reporter.parent_unit_id
        and reporter.is_topmost
inner join intermediate.int_observation_cleared as observation
    on
        declared.period = observation.period
        and declared.indicator = observation.indicator
        and reporter.unit_id = observation.unit_id
        and reporter.reporter_class = observation.reporter_class
where observation.is_usable;

insert into pg_temp.child
select
    declared.finding_id,
    node.unit_id,
    'reported',
    case declared.measure when 'numerator' then cascaded.numerator else cascaded.denominator end,
    declared.imbalance
from pg_temp.declared as declared
inner join intermediate.int_rollup_cascaded as cascaded
    on
        declared.period = cascaded.period
        and declared.indicator = cascaded.indicator
inner join intermediate.int_unit_hierarchized as node
    on
        cascaded.period = node.period
        and cascaded.unit_id = node.unit_id
        and declared.unit_id = node.parent_unit_id;
analyze pg_temp.child;

with

named as (

    select
        child.*,
        coalesce(unit.code, child.unit_id) as code,
        count(*) filter (where child.amount = -child.imbalance) over (partition by child.finding_id) as as_much_missing,
        count(*) filter (where child.amount = child.imbalance) over (partition by child.finding_id) as as_much_more,
        count(*) filter (where child.mark = 'nil') over (partition by child.finding_id) as nils
    from pg_temp.child as child
    inner join pg_temp.declared as declared on child.finding_id = declared.finding_id
    left join intermediate.int_unit_hierarchized as unit
        on
            declared.period = unit.period
            and child.unit_id = unit.unit_id

),

left_out as (

    select
        finding_id,
        'missing_children' as cause,
        case when as_much_missing = 1 then 84 else 62 end as weight,
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
        case when as_much_more = 1 then 84 else 62 end as weight,
        format('Giả thuyết: đơn vị %s (%s) được cộng hai lần.', code, amount) as text_vi,
        format('Hypothesis: unit %s (%s) is added twice.', code, amount) as text_en,
        jsonb_build_object('unit_id', unit_id, 'amount', amount) as detail
    from named
    where amount = imbalance and amount > 0

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

),

-- A unit that stood under this one in an earlier period, or stands under it now and did not.
moved as (

    select distinct on (declared.finding_id)
        declared.finding_id,
        'moved_unit' as cause,
        80 as weight,
        format('Giả thuyết: tổng khai vẫn gồm đơn vị %s (%s), nay thuộc nơi khác.', unit.code, observation.amount) as text_vi,
        format('Hypothesis: the total still holds unit %s (%s), which is under another now.', unit.code, observation.amount)
            as text_en,
        jsonb_build_object('unit_id', unit.unit_id, 'amount', observation.amount) as detail
    from pg_temp.declared as declared
    inner join reference.org_unit as before
        on
            declared.unit_id = before.parent_unit_id
            and upper(before.valid) <= (to_date(declared.period, 'YYYY-MM') + interval '1 month')::date
    inner join intermediate.int_unit_hierarchized as unit
        on
            declared.period = unit.period
            and before.unit_id = unit.unit_id
            and unit.parent_unit_id <> declared.unit_id
    inner join lateral (
        select case declared.measure when 'numerator' then own.numerator else own.summed_denominator end as amount
        from intermediate.int_observation_cleared as own
        where
            own.period = declared.period
            and own.indicator = declared.indicator
            and own.unit_id = unit.unit_id
            and own.is_usable
        union all
        select case declared.measure when 'numerator' then cell.numerator else cell.denominator end
        from intermediate.int_rollup_cascaded as cell
        where
            cell.period = declared.period
            and cell.indicator = declared.indicator
            and cell.unit_id = unit.unit_id
    ) as observation on observation.amount = declared.imbalance
    order by declared.finding_id, unit.unit_id

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
slipped as (

    select
        possible.finding_id,
        slip.slip as cause,
        quality.slip_weight(slip.slip) + possible.extra as weight,
        words.text_vi || possible.of_vi as text_vi,
        words.text_en || possible.of_en as text_en,
        possible.detail || jsonb_build_object('meant', possible.meant, 'written', possible.written) as detail
    from (
        select
            finding_id,
            computed::bigint as meant,
            declared::bigint as written,
            4 as extra,
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
            format(' Đơn vị %s.', code),
            format(' Unit %s.', code),
            jsonb_build_object('unit_id', unit_id)
        from named
        where
            amount + imbalance >= 0
            and amount > 9
    ) as possible
    cross join lateral (select quality.slip(possible.meant, possible.written) as slip) as slip
    cross join lateral quality.slip_words(slip.slip, possible.meant, possible.written) as words
    where slip.slip is not null

)

insert into pg_temp.hypothesis (finding_id, cause, weight, text_vi, text_en, detail)
select * from left_out
union all
select * from counted_twice
union all
select * from superseded
union all
select * from moved
union all
select * from nil_written
union all
select * from slipped;
