-- Figures carry their warnings, in words of a closed vocabulary; reports rank their units and say what moved since the
-- period before.
create type store.figure_warning as enum (
    'partial_coverage', 'withheld_units', 'declared_not_computed', 'mixed_declarations', 'restated_above_level',
    'held_above', 'unknown_population', 'zero_denominator', 'waived_error', 'questioned_figure', 'uneven_change'
);

create view marts.dim_warning as
select
    vocabulary.warning::text as warning,
    vocabulary.name_vi,
    vocabulary.name_en,
    vocabulary.meaning_vi,
    vocabulary.meaning_en,
    vocabulary.shown_in
from (values
    ('partial_coverage'::store.figure_warning, 'chưa đủ đơn vị báo cáo', 'partial coverage',
     'Số này chỉ là của các đơn vị đã báo cáo; xem coverage, rate_low và rate_high. Không so với số đủ đơn vị.',
     'The figure is that of the units that reported; see coverage, rate_low and rate_high. Not comparable with a whole one.',
     'fct_rollup, fct_rollup_restated, rpt_nation, rpt_department, rpt_province'),
    ('withheld_units', 'có đơn vị bị giữ lại', 'withheld units',
     'Số của một số đơn vị trực thuộc bị giữ lại vì có lỗi; số đơn vị ở withheld_units, lỗi ở fct_finding.',
     'Figures of units under it are withheld because of errors; how many: withheld_units, why: fct_finding.',
     'fct_rollup, fct_rollup_restated, rpt_nation, rpt_department, rpt_province'),
    ('declared_not_computed', 'số tự khai, chưa cộng được', 'declared, not computed',
     'Lấy theo tổng do đơn vị tự khai: chưa đủ đơn vị trực thuộc báo cáo để cộng và đối chiếu.',
     'The unit''s own declared total: too few of the units under it reported to compute and check it.',
     'fct_rollup, fct_rollup_restated, rpt_nation, rpt_department, rpt_province'),
    ('mixed_declarations', 'có phần là số tự khai', 'mixed with declarations',
     'Đủ đơn vị, nhưng ít nhất một phần của tổng là số tự khai của một đơn vị bên dưới.',
     'Whole, but at least one part of the sum is the declared total of a unit below.',
     'fct_rollup, fct_rollup_restated, rpt_nation, rpt_department, rpt_province'),
    ('restated_above_level', 'quy đổi ở cấp trên', 'restated above its level',
     'Số của đơn vị đã chia hoặc đã kết thúc được tính ở đơn vị ghi trong restated_at, không tách được xuống dưới.',
     'Figures of units that were divided or ended count in the unit named by restated_at and cannot be shown below it.',
     'fct_rollup_restated'),
    ('held_above', 'có số chỉ tính ở cấp trên', 'figures held above',
     'Số của held_above đơn vị lẽ ra thuộc về đơn vị này một phần, nhưng chỉ được tính ở cấp trên: số này là tối thiểu.',
     'Part of the figures of held_above units belongs here but counts only higher up: this figure is a minimum.',
     'fct_rollup_restated'),
    ('unknown_population', 'chưa biết mẫu số toàn bộ', 'unknown population',
     'Chưa đủ đơn vị báo cáo và sổ mẫu số chưa có số toàn bộ (hoặc nhỏ hơn số đã báo cáo), nên không có khoảng của tỷ lệ.',
     'Not all reported and the ledger does not know the whole population (or less than was reported): the rate has no bounds.',
     'fct_rollup, fct_rollup_restated, rpt_nation, rpt_department, rpt_province'),
    ('zero_denominator', 'mẫu số bằng không', 'zero denominator',
     'Không trên không: không có tỷ lệ, và không phải là 0%.',
     'Nil out of nil: there is no rate, and it is not 0%.',
     'fct_rollup, fct_rollup_restated, rpt_nation, rpt_department, rpt_province'),
    ('waived_error', 'có lỗi đã được chấp nhận', 'a waived error',
     'Một lỗi của số này, hoặc của số bên dưới nó, được chấp nhận có lý do và có thời hạn; xem fct_finding, state = waived.',
     'An error in this figure, or in one under it, was waived with a reason and until a date; see fct_finding, state = waived.',
     'fct_rollup, rpt_nation, rpt_department, rpt_province'),
    ('questioned_figure', 'số đang bị đặt câu hỏi', 'a questioned figure',
     'Một cảnh báo về chính số này còn mở; số vẫn được công bố; xem fct_finding, severity = warning.',
     'A warning about this very figure is open; it is published all the same; see fct_finding, severity = warning.',
     'fct_rollup, rpt_nation, rpt_department, rpt_province'),
    ('uneven_change', 'hai kỳ không cùng phạm vi', 'periods of uneven reach',
     'Thay đổi so với kỳ trước gồm cả thay đổi về số đơn vị báo cáo hoặc số đơn vị phải báo cáo.',
     'The change since the previous period mixes in a change of who reported or of who was expected to.',
     'rpt_nation, rpt_department, rpt_province')
) as vocabulary (warning, name_vi, name_en, meaning_vi, meaning_en, shown_in);
comment on view marts.dim_warning is 'One row per warning that a figure can carry: the closed vocabulary of the columns "warnings"';

-- Waived errors are few, and are found without reading the others.
create index finding_waived on store.finding (period) where state = 'waived' and severity = 'error' and last_release is null;

-- A reporter's own figure is kept once, as its observation.
create view store.own_figure as
select
    observation.period_key,
    observation.unit_key,
    observation.indicator_key,
    observation.department_key,
    observation.province_key,
    indicator_key.indicator,
    observation.numerator,
    case when indicator.kind = 'ratio' then observation.denominator end as denominator,
    case when indicator.kind = 'ratio' then observation.numerator::numeric / nullif(observation.denominator, 0) end as rate,
    'own'::text as basis,
    1::bigint as reporting_units,
    1::bigint as expected_units,
    0::bigint as withheld_units,
    observation.first_release,
    split_part(indicator.hierarchies, ', ', 1) as hierarchy,
    string_to_array(indicator.hierarchies, ', ') as hierarchies
from store.observation as observation
inner join store.indicator_key as indicator_key using (indicator_key)
inner join store.indicator as indicator
    on indicator_key.indicator = indicator.indicator
    and indicator.last_release is null
where
    observation.last_release is null
    and observation.is_reporter
    and observation.is_counted;
comment on view store.own_figure is 'One row per observation of a reporter that counts, as a figure';

-- PostgreSQL takes constants into the halves of a union, and the keys of a lateral look-up, but never the rows of a join. So
-- this view is for look-ups by key (who looks up knows the kind of the indicator: asking here would cost ten times the
-- look-up), and the marts join their labels in each half.
create view store.figure as
select
    period_key, unit_key, indicator_key, department_key, numerator, denominator, rate, rate_low, rate_high,
    basis::text as basis, reporting_units, expected_units, withheld_units
from store.rollup
where last_release is null

union all

select
    observation.period_key, observation.unit_key, observation.indicator_key, observation.department_key,
    observation.numerator, observation.denominator, rate.value, rate.value, rate.value, 'own'::text, 1::bigint, 1::bigint,
    0::bigint
from store.observation as observation
cross join lateral (
    select observation.numerator::numeric / nullif(observation.denominator, 0) as value
) as rate
where
    observation.last_release is null
    and observation.is_reporter
    and observation.is_counted;
comment on view store.figure is 'One row per unit, indicator and period as reported, by keys; of a count, denominator and rates mean nothing';

create view store.waived_figure as
with recursive

waived as (

    select unit_key.unit_key, indicator_key.indicator_key, period_key.period_key, period_key.last_day
    from store.finding as finding
    inner join store.unit_key as unit_key on finding.unit_id = unit_key.unit_id
    inner join store.period_key as period_key on finding.period = period_key.period
    inner join store.indicator as indicator
        on indicator.last_release is null
        and (
            finding.indicator = indicator.indicator
            or (finding.indicator is null and finding.population = indicator.population)
        )
    inner join store.indicator_key as indicator_key on indicator.indicator = indicator_key.indicator
    where
        finding.last_release is null
        and finding.state = 'waived'
        and finding.severity = 'error'

    union

    select parent.unit_key, waived.indicator_key, waived.period_key, waived.last_day
    from waived
    inner join store.org_unit as unit
        on waived.unit_key = unit.unit_key
        and unit.last_release is null
        and (unit.valid_from is null or unit.valid_from <= waived.last_day)
        and (unit.valid_to is null or unit.valid_to > waived.last_day)
    inner join store.unit_key as parent on unit.parent_unit_id = parent.unit_id

)

select period_key, indicator_key, unit_key
from waived;
comment on view store.waived_figure is 'Figures with a waived error in or under them, up the territorial tree of the period';

create or replace view marts.fct_rollup as
with

figures as (

    select
        rollup.period_key, rollup.indicator_key, rollup.unit_key,
        period.period, unit_key.unit_id, unit.unit_code, unit.unit_name, unit.level,
        department.unit_id as department_unit_id, province.unit_id as province_unit_id, indicator.indicator,
        rollup.numerator, rollup.denominator, rollup.rate, rollup.rate_low as rate_low,
        rollup.rate_high as rate_high, rollup.basis::text as basis, rollup.reporting_units, rollup.expected_units,
        rollup.withheld_units, rollup.first_release, rollup.hierarchy
    from store.rollup as rollup
    inner join store.period_key as period using (period_key)
    inner join store.indicator_key as indicator using (indicator_key)
    inner join store.unit_key as unit_key using (unit_key)
    left join store.org_unit as unit
        on rollup.unit_key = unit.unit_key
        and unit.last_release is null
        and (unit.valid_from is null or unit.valid_from <= period.last_day)
        and (unit.valid_to is null or unit.valid_to > period.last_day)
    left join store.unit_key as department on rollup.department_key = department.unit_key
    left join store.unit_key as province on rollup.province_key = province.unit_key
    where rollup.last_release is null

    union all

    select
        own.period_key, own.indicator_key, own.unit_key,
        period.period, unit_key.unit_id, unit.unit_code, unit.unit_name, unit.level,
        department.unit_id as department_unit_id, province.unit_id as province_unit_id, indicator.indicator,
        own.numerator, own.denominator, own.rate, own.rate as rate_low,
        own.rate as rate_high, own.basis as basis, own.reporting_units, own.expected_units,
        own.withheld_units, own.first_release, own.hierarchy
    from store.own_figure as own
    inner join store.period_key as period using (period_key)
    inner join store.indicator_key as indicator using (indicator_key)
    inner join store.unit_key as unit_key using (unit_key)
    left join store.org_unit as unit
        on own.unit_key = unit.unit_key
        and unit.last_release is null
        and (unit.valid_from is null or unit.valid_from <= period.last_day)
        and (unit.valid_to is null or unit.valid_to > period.last_day)
    left join store.unit_key as department on own.department_key = department.unit_key
    left join store.unit_key as province on own.province_key = province.unit_key

)

select
    figures.period,
    figures.unit_id,
    figures.unit_code,
    figures.unit_name,
    figures.level,
    figures.department_unit_id,
    figures.province_unit_id,
    figures.indicator,
    figures.numerator,
    figures.denominator,
    figures.rate,
    figures.rate_low,
    figures.rate_high,
    figures.basis,
    figures.reporting_units,
    figures.expected_units,
    figures.reporting_units::numeric / nullif(figures.expected_units, 0) as coverage,
    figures.withheld_units,
    (select max(release_id) from store.release) as release_id,
    figures.first_release as published_in_release_id,
    figures.hierarchy,
    array_remove(array[
        case when figures.basis = 'partial' or figures.reporting_units < figures.expected_units
            then 'partial_coverage'::store.figure_warning end,
        case when figures.withheld_units > 0 then 'withheld_units'::store.figure_warning end,
        case figures.basis
            when 'declared' then 'declared_not_computed'::store.figure_warning
            when 'mixed' then 'mixed_declarations'::store.figure_warning
        end,
        case when figures.basis = 'partial' and figures.denominator is not null and figures.rate_low is null
            then 'unknown_population'::store.figure_warning end,
        case when figures.denominator = 0 then 'zero_denominator'::store.figure_warning end,
        case when (figures.period_key, figures.indicator_key, figures.unit_key) in (
            select waived.period_key, waived.indicator_key, waived.unit_key from store.waived_figure as waived
        ) then 'waived_error'::store.figure_warning end,
        case when exists (
            select from store.finding as finding
            where
                finding.unit_id = figures.unit_id
                and finding.indicator = figures.indicator
                and finding.period = figures.period
                and finding.severity = 'warning'
                and finding.state in ('open', 'returned')
                and finding.last_release is null
        ) then 'questioned_figure'::store.figure_warning end
    ], null)::text[] as warnings
from figures;

create or replace view marts.fct_rollup_restated as
with

today as (

    select coalesce(max(tree_on), current_date) as tree_on
    from store.release
    where release_id = (select max(release_id) from store.release)

),

figures as (

    select
        restated.period_key, restated.indicator_key, restated.unit_key,
        period.period, unit_key.unit_id, unit.unit_code, unit.unit_name, unit.level,
        department.unit_id as department_unit_id, province.unit_id as province_unit_id, indicator.indicator,
        restated.numerator, restated.denominator, restated.rate, restated.rate_low as rate_low,
        restated.rate_high as rate_high, restated.basis::text as basis, restated.reporting_units, restated.expected_units,
        restated.withheld_units, restated.first_release,
        restated.held_above as held_above, restated_at.unit_id as restated_at
    from store.rollup_restated as restated
    cross join today
    inner join store.period_key as period using (period_key)
    inner join store.indicator_key as indicator using (indicator_key)
    inner join store.unit_key as unit_key using (unit_key)
    left join store.org_unit as unit
        on restated.unit_key = unit.unit_key
        and unit.last_release is null
        and (unit.valid_from is null or unit.valid_from <= today.tree_on)
        and (unit.valid_to is null or unit.valid_to > today.tree_on)
    left join store.unit_key as department on restated.department_key = department.unit_key
    left join store.unit_key as province on restated.province_key = province.unit_key
    left join store.unit_key as restated_at on restated.restated_at_key = restated_at.unit_key
    where restated.last_release is null

    union all

    -- Where a period's tree is today's, restated is as reported.
    select
        rollup.period_key, rollup.indicator_key, rollup.unit_key,
        period.period, unit_key.unit_id, unit.unit_code, unit.unit_name, unit.level,
        department.unit_id as department_unit_id, province.unit_id as province_unit_id, indicator.indicator,
        rollup.numerator, rollup.denominator, rollup.rate, rollup.rate_low as rate_low,
        rollup.rate_high as rate_high, rollup.basis::text as basis, rollup.reporting_units, rollup.expected_units,
        rollup.withheld_units, rollup.first_release,
        0::bigint as held_above, null::text as restated_at
    from store.rollup as rollup
    cross join today
    inner join store.period_key as period using (period_key)
    inner join store.indicator_key as indicator using (indicator_key)
    inner join store.unit_key as unit_key using (unit_key)
    left join store.org_unit as unit
        on rollup.unit_key = unit.unit_key
        and unit.last_release is null
        and (unit.valid_from is null or unit.valid_from <= today.tree_on)
        and (unit.valid_to is null or unit.valid_to > today.tree_on)
    left join store.unit_key as department on rollup.department_key = department.unit_key
    left join store.unit_key as province on rollup.province_key = province.unit_key
    inner join store.period as dated
        on period.period = dated.period
        and dated.last_release is null
        and not dated.is_restated
    where
        rollup.last_release is null
        and rollup.hierarchy = 'territorial'

    union all

    select
        own.period_key, own.indicator_key, own.unit_key,
        period.period, unit_key.unit_id, unit.unit_code, unit.unit_name, unit.level,
        department.unit_id as department_unit_id, province.unit_id as province_unit_id, indicator.indicator,
        own.numerator, own.denominator, own.rate, own.rate as rate_low,
        own.rate as rate_high, own.basis as basis, own.reporting_units, own.expected_units,
        own.withheld_units, own.first_release,
        0::bigint as held_above, null::text as restated_at
    from store.own_figure as own
    cross join today
    inner join store.period_key as period using (period_key)
    inner join store.indicator_key as indicator using (indicator_key)
    inner join store.unit_key as unit_key using (unit_key)
    left join store.org_unit as unit
        on own.unit_key = unit.unit_key
        and unit.last_release is null
        and (unit.valid_from is null or unit.valid_from <= today.tree_on)
        and (unit.valid_to is null or unit.valid_to > today.tree_on)
    left join store.unit_key as department on own.department_key = department.unit_key
    left join store.unit_key as province on own.province_key = province.unit_key
    inner join store.period as dated
        on period.period = dated.period
        and dated.last_release is null
        and not dated.is_restated
    where 'territorial' = any(own.hierarchies)

)

select
    figures.period,
    figures.unit_id,
    figures.unit_code,
    figures.unit_name,
    figures.level,
    figures.department_unit_id,
    figures.province_unit_id,
    figures.indicator,
    figures.numerator,
    figures.denominator,
    figures.rate,
    figures.rate_low,
    figures.rate_high,
    figures.basis,
    figures.reporting_units,
    figures.expected_units,
    figures.reporting_units::numeric / nullif(figures.expected_units, 0) as coverage,
    figures.withheld_units,
    figures.held_above,
    figures.restated_at,
    (select max(release_id) from store.release) as release_id,
    figures.first_release as published_in_release_id,
    array_remove(array[
        case when figures.basis = 'partial' or figures.reporting_units < figures.expected_units
            then 'partial_coverage'::store.figure_warning end,
        case when figures.withheld_units > 0 then 'withheld_units'::store.figure_warning end,
        case figures.basis
            when 'declared' then 'declared_not_computed'::store.figure_warning
            when 'mixed' then 'mixed_declarations'::store.figure_warning
        end,
        case when figures.restated_at is not null then 'restated_above_level'::store.figure_warning end,
        case when figures.held_above > 0 then 'held_above'::store.figure_warning end,
        case when figures.basis = 'partial' and figures.denominator is not null and figures.rate_low is null
            then 'unknown_population'::store.figure_warning end,
        case when figures.denominator = 0 then 'zero_denominator'::store.figure_warning end
    ], null)::text[] as warnings
from figures;

-- A level's figures, ranked. Whatever readers filter on is in the partition, so that PostgreSQL takes the filter to the
-- indexes: a filter on anything else would first rank every period. The units of the upper levels are few: each is looked up.
create view store.ranked_figure as
select
    period.period_key,
    period.period,
    period.last_day,
    unit.unit_key,
    unit_key.unit_id,
    unit.unit_code,
    unit.unit_name,
    unit.level,
    figure.department_key,
    indicator_key.indicator_key,
    indicator.indicator,
    indicator.indicator_group,
    indicator.name_vi,
    indicator.name_en,
    indicator.kind,
    indicator.population,
    figure.numerator,
    figure.denominator,
    figure.rate,
    figure.rate_low,
    figure.rate_high,
    figure.basis,
    figure.reporting_units,
    figure.expected_units,
    figure.withheld_units,
    measured.value,
    case when measured.is_comparable then
        rank() over (
            partition by
                period.period, period.period_key, unit.level, indicator.indicator, indicator.indicator_group,
                measured.is_comparable
            order by measured.value desc
        )
    end as rank,
    count(*) filter (where measured.is_comparable) over (
        partition by period.period, period.period_key, unit.level, indicator.indicator, indicator.indicator_group
    ) as ranked_units
from store.period_key as period
cross join store.indicator_key as indicator_key
inner join store.indicator as indicator
    on indicator_key.indicator = indicator.indicator
    and indicator.last_release is null
inner join store.org_unit as unit
    on unit.level in ('nation', 'department', 'province')
    and unit.last_release is null
    and (unit.valid_from is null or unit.valid_from <= period.last_day)
    and (unit.valid_to is null or unit.valid_to > period.last_day)
inner join store.unit_key as unit_key on unit.unit_key = unit_key.unit_key
-- "limit" keeps it a look-up: one into each index, whatever the planner believes.
cross join lateral (
    select
        figure.department_key, figure.numerator,
        case when indicator.kind = 'ratio' then figure.denominator end as denominator,
        case when indicator.kind = 'ratio' then figure.rate end as rate,
        case when indicator.kind = 'ratio' then figure.rate_low end as rate_low,
        case when indicator.kind = 'ratio' then figure.rate_high end as rate_high,
        figure.basis, figure.reporting_units, figure.expected_units, figure.withheld_units
    from store.figure as figure
    where
        figure.period_key = period.period_key
        and figure.indicator_key = indicator_key.indicator_key
        and figure.unit_key = unit.unit_key
    limit 1
) as figure
cross join lateral (
    select
        case when indicator.kind = 'ratio' then figure.rate else figure.numerator end as value,
        figure.basis <> 'partial'
        and case when indicator.kind = 'ratio' then figure.rate else figure.numerator end is not null as is_comparable
) as measured;
comment on view store.ranked_figure is 'One row per nation, department or province, indicator and period, with its rank among its level';

create view store.report_line as
select
    line.*,
    department.unit_id as department_unit_id,
    department_unit.unit_name as department_name,
    population.name_vi as population_name_vi,
    population.name_en as population_name_en,
    line.reporting_units::numeric / nullif(line.expected_units, 0) as coverage,
    previous.period as previous_period,
    previous.numerator as previous_numerator,
    previous.denominator as previous_denominator,
    previous.rate as previous_rate,
    previous.basis as previous_basis,
    previous.reporting_units::numeric / nullif(previous.expected_units, 0) as previous_coverage,
    moved.change,
    array_remove(array[
        case when line.basis = 'partial' or line.reporting_units < line.expected_units
            then 'partial_coverage'::store.figure_warning end,
        case when line.withheld_units > 0 then 'withheld_units'::store.figure_warning end,
        case line.basis
            when 'declared' then 'declared_not_computed'::store.figure_warning
            when 'mixed' then 'mixed_declarations'::store.figure_warning
        end,
        case when line.basis = 'partial' and line.denominator is not null and line.rate_low is null
            then 'unknown_population'::store.figure_warning end,
        case when line.denominator = 0 then 'zero_denominator'::store.figure_warning end,
        case when (line.period_key, line.indicator_key, line.unit_key) in (
            select waived.period_key, waived.indicator_key, waived.unit_key from store.waived_figure as waived
        ) then 'waived_error'::store.figure_warning end,
        case when exists (
            select from store.finding as finding
            where
                finding.unit_id = line.unit_id
                and finding.indicator = line.indicator
                and finding.period = line.period
                and finding.severity = 'warning'
                and finding.state in ('open', 'returned')
                and finding.last_release is null
        ) then 'questioned_figure'::store.figure_warning end,
        case
            when
                moved.change is not null
                and (
                    line.basis = 'partial'
                    or previous.basis = 'partial'
                    or line.expected_units <> previous.expected_units
                )
                then 'uneven_change'::store.figure_warning
        end
    ], null)::text[] as warnings,
    (select max(release_id) from store.release) as release_id
from store.ranked_figure as line
left join store.unit_key as department on line.department_key = department.unit_key
left join store.org_unit as department_unit
    on line.department_key = department_unit.unit_key
    and department_unit.last_release is null
    and (department_unit.valid_from is null or department_unit.valid_from <= line.last_day)
    and (department_unit.valid_to is null or department_unit.valid_to > line.last_day)
left join store.population as population
    on line.population = population.population
    and population.last_release is null
    and (population.valid_from is null or population.valid_from <= line.last_day)
    and (population.valid_to is null or population.valid_to > line.last_day)
-- Backwards through the periods until the unit has a figure: one look-up a period.
left join lateral (
    select
        earlier.period, figure.numerator,
        case when line.kind = 'ratio' then figure.denominator end as denominator,
        case when line.kind = 'ratio' then figure.rate end as rate,
        figure.basis, figure.reporting_units, figure.expected_units
    from store.period_key as earlier
    cross join lateral (
        select figure.*
        from store.figure as figure
        where
            figure.period_key = earlier.period_key
            and figure.indicator_key = line.indicator_key
            and figure.unit_key = line.unit_key
        limit 1
    ) as figure
    where earlier.period_key < line.period_key
    order by earlier.period_key desc
    limit 1
) as previous on true
cross join lateral (
    select line.value - case when line.kind = 'ratio' then previous.rate else previous.numerator end as change
) as moved;
comment on view store.report_line is 'One row per nation, department or province, indicator and period: behind marts.rpt_nation, rpt_department and rpt_province';

create or replace view marts.rpt_nation as
select
    period, indicator_group, indicator, name_vi, name_en, numerator, denominator, rate, rate_low, rate_high, basis,
    reporting_units, expected_units, coverage, withheld_units, release_id,
    unit_id, kind, population, population_name_vi, population_name_en, previous_period, previous_numerator,
    previous_denominator, previous_rate, previous_basis, previous_coverage, change, warnings
from store.report_line
where level = 'nation';

create or replace view marts.rpt_department as
select
    period, unit_id as department_unit_id, unit_name as department_name, indicator_group, indicator, name_vi, name_en,
    numerator, denominator, rate, rate_low, rate_high, basis, reporting_units, expected_units, coverage, withheld_units,
    release_id,
    unit_code as department_code, kind, population, population_name_vi, population_name_en, rank, ranked_units,
    previous_period, previous_numerator, previous_denominator, previous_rate, previous_basis, previous_coverage, change,
    warnings
from store.report_line
where level = 'department';

create or replace view marts.rpt_province as
select
    period, department_unit_id, unit_id as province_unit_id, unit_name as province_name, indicator_group, indicator,
    name_vi, name_en, numerator, denominator, rate, rate_low, rate_high, basis, reporting_units, expected_units,
    coverage, withheld_units, release_id,
    unit_code as province_code, department_name, kind, population, population_name_vi, population_name_en, rank,
    ranked_units, previous_period, previous_numerator, previous_denominator, previous_rate, previous_basis,
    previous_coverage, change, warnings
from store.report_line
where level = 'province';

comment on view marts.rpt_nation is 'One row per period and indicator: the nation''s figure with its labels, its change and its warnings';
comment on view marts.rpt_department is 'One row per period, Vụ Địa phương and indicator, with labels, rank, change and warnings';
comment on view marts.rpt_province is 'One row per period, province and indicator, with labels, rank, change and warnings';

-- The builder owns every mart: only an owner may comment on its columns.
grant create on schema marts to tonghop_builder;
alter view marts.dim_warning owner to tonghop_builder;
revoke create on schema marts from tonghop_builder;
grant create on schema store to tonghop_builder;
alter view store.own_figure owner to tonghop_builder;
alter view store.figure owner to tonghop_builder;
alter view store.waived_figure owner to tonghop_builder;
alter view store.ranked_figure owner to tonghop_builder;
alter view store.report_line owner to tonghop_builder;
revoke create on schema store from tonghop_builder;

-- Columns that only the views have: all others carry dbt's descriptions.
do $$
declare
    described record;
begin
    for described in
        select
            attribute.attrelid::regclass as view_name,
            attribute.attname as column_name,
            label.meaning
        from (values
            ('period', 'Month the figures stand at the end of, `YYYY-MM`.'),
            ('unit_id', 'The unit, as in the register; never reused.'),
            ('department_unit_id', 'The Vụ Địa phương (of a province: the one that followed it in the period).'),
            ('department_name', 'Name of the Vụ Địa phương in the period.'),
            ('department_code', 'Code of the Vụ Địa phương in the period.'),
            ('province_unit_id', 'The province, as in the register; never reused.'),
            ('province_code', 'Code of the province in the period. Codes were reused: a code means nothing without its period.'),
            ('indicator_group', 'Group of indicators that a form asks for.'),
            ('indicator', 'Code of the indicator.'),
            ('name_vi', 'Vietnamese name.'),
            ('name_en', 'English name.'),
            ('kind', 'ratio, count or stock: what "rank" and "change" measure.'),
            ('population', 'Code of the population that the denominator counts.'),
            ('population_name_vi', 'Vietnamese name of that population at the period''s end.'),
            ('population_name_en', 'English name of that population at the period''s end.'),
            ('numerator', 'The count. Never filled with zero.'),
            ('denominator', 'What the count is out of; null for a count.'),
            ('rate_low', 'Lowest rate possible if those who did not report had none; null where the whole population is unknown.'),
            ('rate_high', 'Highest rate possible if all who did not report had everything; null where the whole population is unknown.'),
            ('basis', 'own, complete (all children own or complete), mixed (all whole, at least one stands on a declaration), declared (the unit''s own total was taken), partial (some children are missing, withheld or partial and nothing was declared).'),
            ('reporting_units', 'Reporters under the unit that reported or are covered by a declaration that was taken.'),
            ('expected_units', 'Reporters of the indicator under the unit, open at the period''s end and not marked not-applicable.'),
            ('withheld_units', 'Reporters under the unit whose observation is withheld, covered by a declaration or not.'),
            ('rank', 'Place among the units of this level in the period: 1 is the highest rate (ratio) or numerator (count, stock). Equal figures share a place and the next one is skipped (1, 1, 3). Null where the figure is not comparable: basis partial, or no rate. Whether high is good, the indicator''s name says.'),
            ('ranked_units', 'How many units of this level are ranked: "rank 3 of 13".'),
            ('previous_period', 'Latest earlier period in which the unit has a figure of the indicator; null where there is none.'),
            ('previous_numerator', 'The numerator then.'),
            ('previous_denominator', 'The denominator then.'),
            ('previous_rate', 'The rate then, a fraction of one.'),
            ('previous_basis', 'The basis then.'),
            ('previous_coverage', 'reporting_units / expected_units then.'),
            ('change', 'rate - previous_rate for a ratio (times 100: percentage points), numerator - previous_numerator for a count or stock. See the warning uneven_change.'),
            ('warnings', 'What to say beside the figure: words of marts.dim_warning; empty where there is nothing to say.'),
            ('warning', 'The word that stands in a column "warnings".'),
            ('meaning_vi', 'What it means for a reader, in Vietnamese.'),
            ('meaning_en', 'What it means for a reader, in English.'),
            ('shown_in', 'The marts whose rows can carry it.')
        ) as label (column_name, meaning)
        inner join pg_attribute as attribute
            on
                attribute.attname = label.column_name
                and attribute.attnum > 0
        inner join pg_class as view
            on
                attribute.attrelid = view.oid
                and view.relkind = 'v'
                and view.relnamespace = 'marts'::regnamespace
                and (
                    view.relname in ('rpt_nation', 'rpt_department', 'rpt_province', 'dim_warning')
                    or (view.relname in ('fct_rollup', 'fct_rollup_restated') and attribute.attname = 'warnings')
                )
    loop
        execute format('comment on column %s.%I is %L', described.view_name, described.column_name, described.meaning);
    end loop;
end
$$;
