-- What a role means, in words. %1$s … are what is said of the row.
create or replace function store.trace_words()
returns table (reason text, vi text, en text)
language sql immutable rows 50 as $$
values
('own', 'Số của chính đơn vị.', 'The unit''s own figure.'),
('complete', 'Cộng đủ: %1$s/%2$s nơi đã báo cáo.', 'The sum of all below: %1$s of %2$s reported.'),
('mixed', 'Cộng đủ (%1$s/%2$s nơi); có nơi bên dưới theo số khai chung.', 'The sum of all below (%1$s of %2$s); somewhere below a declaration stands for those under it.'),
('declared', 'Theo số khai chung của đơn vị: cấp dưới chưa đủ. %1$s/%2$s nơi được tính là có số.', 'The unit''s own declaration: those below are not all there. %1$s of %2$s count as covered.'),
('partial', 'Cộng %1$s trong %2$s nơi; phần còn thiếu không được suy ra.', 'The sum of those that reported, %1$s of %2$s; nothing is filled in for the others.'),
('added_up', 'Cộng các nơi báo cáo bên dưới (cây này không công bố số của đơn vị).', 'The reporters below added up (this tree publishes no figure of the unit).'),
('missing', 'Phải báo cáo nhưng không có số liệu nào đứng.', 'Expected to report; no statement of it stands.'),
('missing_below', 'Chưa nơi nào có số: %1$s nơi phải báo cáo, %2$s bị giữ lại.', 'No figure anywhere below: %1$s expected to report, %2$s withheld.'),
('not_applicable', 'Đơn vị ghi X: không áp dụng, không tính là phải báo cáo.', 'The unit says X: not applicable, so not expected.'),
('not_applicable_below', 'Không nơi nào bên dưới phải báo cáo: tất cả ghi X.', 'Nobody below is expected: all say X.'),
('not_expected', 'Loại đơn vị này không báo cáo chỉ tiêu và không đứng trên nơi báo cáo nào.', 'This kind of unit neither reports the indicator nor stands above any who do.'),
('incomplete', 'Chỉ nêu một phần (thiếu tử số hoặc mẫu số), không cộng được: coi như thiếu.', 'Stated in part (no numerator or no denominator), which cannot be summed: counts as missing.'),
('withheld', 'Giữ lại theo quy tắc %1$s.', 'Withheld by rule %1$s.'),
('held', 'Cả tỉnh bị giữ lại: quá nửa số liệu trong kỳ phạm quy tắc.', 'The whole province is held: more than half of its figures of the period break a rule.'),
('declaration_taken', 'Số khai chung này được lấy.', 'This declaration was taken.'),
('declaration_agrees', 'Số khai chung khớp với số cộng; số cộng được lấy.', 'The declaration agrees with the sum; the sum stands.'),
('declaration_differs', 'Số khai chung khác số cộng; số cộng được lấy.', 'The declaration differs from the sum; the sum stands.'),
('superseded', 'Đã có số mới hơn: lần gửi %1$s, %2$s.', 'Superseded by a later submission: %1$s, %2$s.'),
('fact_withdrawn', 'Đã rút bằng %1$s, %2$s: %3$s', 'Taken back by %1$s, %2$s: %3$s'),
('submission_withdrawn', 'Cả lần gửi đã được rút: %1$s', 'The whole submission was taken back: %1$s'),
('repeated', 'Nhắc lại đúng giá trị ấy trong cùng lần gửi.', 'Says the same once more in the same submission.'),
('conflict', 'Giá trị khác trong cùng lần gửi: không chọn giá trị nào (S06).', 'Another value in the same submission: neither is chosen (S06).'),
('pending', 'Mới hơn số đang công bố: bản này chưa tính, đêm tới sẽ xét.', 'Newer than what is published: this release does not have it, the next night judges it.'),
('pending_withdrawal', 'Lệnh rút mới hơn số đang công bố: chưa có hiệu lực trong bản này.', 'A withdrawal newer than what is published: not in force in this release.'),
('kept_aside', 'Để riêng.', 'Kept aside.'),
('uncounted', 'Bản này không lấy số ấy; lý do khi đó không còn được giữ.', 'This release did not count it; why it did not is no longer kept.'),
('prose_agrees', '“%1$s”: khớp với bảng; lời văn không bao giờ được cộng.', '“%1$s”: agrees with the tables; prose is never summed.'),
('prose_disagrees', '“%1$s”: khác với bảng; lời văn không bao giờ được cộng.', '“%1$s”: disagrees with the tables; prose is never summed.'),
('prose_only_in_prose', '“%1$s”: bảng không có; lời văn không bao giờ được cộng.', '“%1$s”: the tables do not have it; prose is never summed.'),
('prose_then', '“%1$s”: bản này có báo cáo ấy; so với bảng thì chỉ bản hiện hành còn giữ. Lời văn không bao giờ được cộng.', '“%1$s”: this release had the report; how it compares is kept of the current one alone. Prose is never summed.'),
('prose_unlinked', '“%1$s”: không so được; lời văn không bao giờ được cộng.', '“%1$s”: cannot be compared; prose is never summed.'),
('unexplained', 'Các số được cộng không cho ra số này (chênh lệch ghi ở đây): danh mục đã đổi sau lần công bố.', 'What is summed does not give the figure (the difference is given here): the register has changed since the release.'),
('count_register', 'Mẫu số (%1$s): đếm theo danh mục.', 'The denominator (%2$s): counted in the register.'),
('count_return', 'Mẫu số (%1$s): số đơn vị gửi.', 'The denominator (%2$s): as returned.'),
('count_composition', 'Mẫu số (%1$s): cộng các phần.', 'The denominator (%2$s): the sum of its parts.'),
('count_agreed', 'Mẫu số (%1$s): đa số chỉ tiêu nêu.', 'The denominator (%2$s): quoted by a majority of the indicators.'),
('count_outranked', '%3$s: xếp sau nguồn được tính (%4$s, %5$s).', '%3$s: outranked by the source that counts (%4$s, %5$s).'),
('count_not_allowed', '%3$s: nguồn này không được phép đếm.', '%3$s: a source that may not count it.'),
('count_two_values', '%3$s: nêu hai giá trị trong một lần gửi.', '%3$s: two values in one submission.'),
('count_no_majority', '%3$s: không mẫu số nào được quá nửa nêu.', '%3$s: no denominator is quoted by a majority.'),
('count_agrees', '%3$s: khớp.', '%3$s: agrees.'),
('count_unstated', 'Không ai nêu: chưa biết, không phải 0.', 'Nobody states it: unknown, not zero.'),
('part', 'Phần: %1$s (%3$s).', 'Part: %2$s (%3$s).'),
-- added to the reason of a row
('covered', 'Không cộng: cấp trên theo số khai chung.', 'Not summed: the unit above stands on its declaration.'),
('under_reporter', 'Không cộng lên trên: đứng dưới một nơi cũng báo cáo chỉ tiêu.', 'Not summed above: it stands under another reporter of the indicator.'),
('taken_back', 'Lần gửi này đã được rút sau khi công bố.', 'This submission was taken back since the release.')
$$;
revoke execute on function store.trace_words() from public;

create or replace function marts.trace(unit text, indicator text, period text)
returns table (
    line bigint, parent_line bigint, depth integer, role text, unit_id text, unit_code text, unit_name text, level text,
    scope text, numerator bigint, denominator bigint, rate numeric, basis text, reporting_units bigint,
    expected_units bigint, withheld_units bigint, why_vi text, why_en text, rule text, finding_id text,
    submission_id text, file_name text, sender text, received_at timestamptz, locator text, row_number integer,
    release_id integer
)
language plpgsql stable security definer rows 1000 set search_path = '' set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    known_period record;
    known_unit record;
    asked record;
begin
    select key.period_key, key.last_day into known_period from store.period_key as key where key.period = trace.period;
    if not found then
        raise exception 'No period ''%'' has been published.', trace.period
            using errcode = 'invalid_parameter_value', hint = 'select period from marts.dim_period lists them.';
    end if;

    -- An id, else the unit that had the code at the end of the period.
    select key.unit_id into known_unit
    from store.unit_key as key
    inner join store.org_unit as version on key.unit_key = version.unit_key
    where
        key.unit_id = trace.unit
        and version.last_release is null
        and (version.valid_from is null or version.valid_from <= known_period.last_day)
        and (version.valid_to is null or version.valid_to > known_period.last_day);
    if not found then
        select key.unit_id into known_unit
        from store.org_unit as version
        inner join store.unit_key as key on version.unit_key = key.unit_key
        where
            version.unit_code = trace.unit
            and version.last_release is null
            and (version.valid_from is null or version.valid_from <= known_period.last_day)
            and (version.valid_to is null or version.valid_to > known_period.last_day);
    end if;
    if not found then
        raise exception 'No unit has the id or the code ''%'' at the end of %.', trace.unit, trace.period
            using errcode = 'invalid_parameter_value', hint = 'Codes were reused: marts.dim_org_unit says which unit had one when.';
    end if;

    select
        key.indicator_key,
        -- The tree whose figure of this unit is published.
        coalesce(
            (
                select cell.hierarchy from store.rollup as cell
                inner join store.unit_key as unit using (unit_key)
                where
                    cell.period_key = known_period.period_key and cell.indicator_key = key.indicator_key
                    and unit.unit_id = known_unit.unit_id and cell.last_release is null
            ),
            (
                select node.hierarchy from reference.grouping as node
                where node.unit_id = known_unit.unit_id and node.valid @> known_period.last_day
            ),
            case
                when 'territorial' = any(string_to_array(catalogue.hierarchies, ', ')) then 'territorial'
                else split_part(catalogue.hierarchies, ', ', 1)
            end
        ) as tree
    into asked
    from store.indicator as catalogue
    inner join store.indicator_key as key using (indicator)
    where catalogue.indicator = trace.indicator and catalogue.last_release is null;
    if not found and not exists (
        select 1 from store.population as catalogue
        where catalogue.population = trace.indicator and catalogue.last_release is null
    ) then
        raise exception 'No indicator and no population is called ''%''.', trace.indicator
            using errcode = 'invalid_parameter_value', hint = 'marts.dim_indicator and marts.dim_population list them.';
    end if;

    return query
    with

    found as materialized (

        select each.* from store.trace_figure(
            known_unit.unit_id, trace.period, known_period.period_key, trace.indicator, asked.indicator_key, asked.tree
        ) as each
        where asked.indicator_key is not null
        union all
        select each.* from store.trace_population(known_unit.unit_id, trace.period, trace.indicator) as each
        where asked.indicator_key is null

    ),

    numbered as materialized (

        select found.*, row_number() over (order by found.place collate "C") as line
        from found

    )

    select
        each.line, parent.line, cardinality(each.place) - 1, each.role, each.unit_id, label.unit_code, label.unit_name,
        label.level, each.scope, each.numerator, each.denominator,
        each.numerator::numeric / nullif(each.denominator, 0), each.basis, each.reporting_units, each.expected_units,
        each.withheld_units,
        concat_ws(' ', coalesce(each.why_vi, format(words.vi, variadic each.said)), also.vi),
        concat_ws(' ', coalesce(each.why_en, format(words.en, variadic each.said)), also.en),
        each.rule, each.finding_id, submission.submission_id, submission.file_name, submission.sender,
        submission.received_at,
        -- What a name meant is forgotten after some nights; where the figure stands is not.
        coalesce(each.locator, (
            select said.locator from raw.statement as said
            where said.submission_seq = each.submission_seq and said.row_number = each.row_number
        )),
        each.row_number,
        (select max(release.release_id) from store.release as release)
    from numbered as each
    left join numbered as parent on each.place[: cardinality(each.place) - 1] = parent.place
    left join store.unit_key as key on each.unit_id = key.unit_id
    left join store.org_unit as label
        on
            key.unit_key = label.unit_key
            and label.last_release is null
            and (label.valid_from is null or label.valid_from <= known_period.last_day)
            and (label.valid_to is null or label.valid_to > known_period.last_day)
    left join store.trace_words() as words on each.reason = words.reason
    left join store.trace_words() as also on each.also = also.reason
    left join raw.submission as submission on each.submission_seq = submission.submission_seq
    order by each.line;
end
$$;
comment on function marts.trace(text, text, text) is
    'How a published figure came about: every figure summed into it down to file and cell, and every version passed over, with why. Top to bottom; the rows with role summed under a row add up to it';

revoke execute on function marts.trace(text, text, text) from public;
grant execute on function marts.trace(text, text, text) to tonghop_analyst, tonghop_steward, tonghop_builder;
