-- One small release: a nation, one department, two provinces (one of them named to break a page), one indicator a kind.
insert into store.release (release_id, published_at, run_id) values (7, '2026-11-22 04:14+00', 'night7');
insert into ops.run (run_id, kind, owner, status, started_at, release_id) values
('night7', 'night', 'test h:1', 'published', '2026-11-22 04:00+00', 7);

insert into store.unit_key (unit_id) values ('VN'), ('V-2'), ('A-60'), ('A-61'), ('A-593'), ('A/6 2');
insert into store.org_unit (unit_key, valid_from, valid_to, unit_code, unit_name, ascii_name, unit_type, level, parent_unit_id, first_release)
select unit_key, null, valid_to, code, name, 'x', type, level, parent, 1
from (values
('VN', null::date, 'VN', 'Toàn quốc', 'nation', 'nation', null),
('V-2', null, 'V-2', 'Vụ Địa phương II', 'department', 'department', 'VN'),
('A-60', '2025-07-01'::date, '60', 'Tỉnh Bình Thuận', 'province', 'province', 'V-2'),
('A-61', null, '61', 'Tỉnh <script>alert("x")</script> & Co', 'province', 'province', 'V-2'),
('A/6 2', null, '62', 'Tỉnh Im Lặng', 'province', 'province', 'V-2'),
('A-593', null, '593', 'Thành phố Phan Thiết', 'city', 'district', 'A-60')
) as unit (unit_id, valid_to, code, name, type, level, parent)
inner join store.unit_key using (unit_id);
insert into reference.org_unit (unit_id, code, name, ascii_name, type, level, parent_unit_id, valid, source)
select key.unit_id, unit_code, unit_name, ascii_name, unit_type, level, parent_unit_id, daterange(valid_from, valid_to), 'case'
from store.org_unit inner join store.unit_key as key using (unit_key);

insert into store.period_key (period_key, period, last_day) values (201205, '2012-05', '2012-05-31');
insert into store.period (period, first_day, last_day, first_release) values ('2012-05', '2012-05-01', '2012-05-31', 7);
insert into store.indicator_key (indicator) values ('study_participant'), ('plan_issued_agency');
insert into store.indicator values
('study_participant', 'study', 'lượt người tham gia học tập', 'participants in study classes', 'count', null, 'r', true, null, false, null, null, false, 1, null),
('plan_issued_agency', 'plan', 'cơ quan cấp tỉnh ban hành kế hoạch', 'provincial agencies that issued a plan', 'ratio', 'provincial_agency', 'r', true, null, false, null, null, false, 1, null);
insert into store.population values ('provincial_agency', 'sở, ban, ngành', 'provincial agencies', 'units', 'register', '', '', 1, null);

insert into store.rollup (period_key, unit_key, indicator_key, department_key, province_key, numerator, denominator, rate, rate_low, rate_high, basis, reporting_units, expected_units, withheld_units, may_exceed_one, first_release)
select 201205, unit.unit_key, indicator.indicator_key, department.unit_key, province.unit_key, n, d, n::numeric / d, low, high, basis::store.basis, reporting, expected, withheld, false, 7
from (values
('VN', 'plan_issued_agency', null, null, 67::bigint, 73::bigint, 0.2063, 1.0, 'partial', 13, 63, 3),
('V-2', 'plan_issued_agency', 'V-2', null, 67, 73, null, null, 'partial', 1, 3, 0),
('A-60', 'plan_issued_agency', 'V-2', 'A-60', 67, 73, 67::numeric / 73, 67::numeric / 73, 'complete', 73, 73, 0),
('A-60', 'study_participant', 'V-2', 'A-60', 43240, null, null, null, 'declared', 15, 15, 0)
) as figure (unit_id, indicator, department, province, n, d, low, high, basis, reporting, expected, withheld)
inner join store.unit_key as unit using (unit_id)
inner join store.indicator_key as indicator using (indicator)
left join store.unit_key as department on department.unit_id = figure.department
left join store.unit_key as province on province.unit_id = figure.province;
insert into store.reconciliation (period_key, unit_key, indicator_key, measure, department_key, province_key, declared, computed, imbalance, verdict, first_release)
select 201205, unit.unit_key, indicator.indicator_key, measure, null, unit.unit_key, declared, computed, declared - computed, verdict, 7
from (values
('plan_issued_agency', 'numerator', 68::bigint, 67::bigint, false), ('plan_issued_agency', 'denominator', 73, 73, true),
('study_participant', 'numerator', 43240, null, null)
) as figure (indicator, measure, declared, computed, verdict)
inner join store.indicator_key as indicator using (indicator)
inner join store.unit_key as unit on unit.unit_id = 'A-60';

insert into store.submission (period_key, sender_key, forms, due_on, is_expected, is_received, is_on_time, first_received_at, last_received_at, versions, statements, observations, withheld, first_release)
select 201205, unit_key, 'study and plans', '2012-06-20', expected, received, on_time, at, at, 1, 3, 2, withheld, 7
from (values
('A-60', true, true, true, '2012-06-19 02:00+00'::timestamptz, 1), ('A-61', false, true, null, '2012-06-25 02:00+00', 0),
('A/6 2', true, false, null, null, 0)
) as sent (unit_id, expected, received, on_time, at, withheld)
inner join store.unit_key using (unit_id);

insert into raw.submission (submission_id, sender, kind, file_name, content_hash, form, reader, reader_version, received_at, status) values
('60-aaa', '60', 'delimited', 'tinh_<b>2012</b>-05.csv', 'x', 'tinh.csv', 'r', '1', '2012-06-19 02:00+00', 'loaded');
insert into raw.submission_period (submission_seq, period, rows_kept) select submission_seq, '2012-05', 3 from raw.submission;
insert into quality.rejected_row (submission_id, submission_seq, row_number, locator, rule, reason, raw, judged)
select '60-aaa', submission_seq, 9, 'line 9', 'S07', 'tử số: “<i>năm</i>” không phải là số / numerator: no number',
    '{"unit_code": "593", "numerator": "<i>năm</i>", "note": ""}', 'reading'
from raw.submission;

insert into quality.finding (finding_id, group_id, rule, severity, state, sender_unit_id, province_unit_id, unit_id, indicator, population, period, scope, expected, actual, imbalance, message_vi, message_en, explanation, explanations, submission_id, locator, values_key, first_seen_at, last_seen_at, last_run_id) values
('D03-1', 'denominator-1', 'D03', 'error', 'open', 'A-60', 'A-60', 'A-60', 'plan_issued_agency', 'provincial_agency', '2012-05', 'total', '73', '88', 15, 'Mẫu số 88 khác sổ mẫu số.', 'Denominator 88 differs from the ledger.', 'Giả thuyết: 88 = 73 + 15. / Hypothesis: 88 = 73 + 15.', '[{"text_vi": "Giả thuyết: 88 = 73 + 15.", "text_en": "Hypothesis: 88 = 73 + 15."}]', '60-aaa', 'line 23', 'v', '2026-11-20 01:00+00', '2026-11-22 01:00+00', 'night7'),
('D04-1', 'denominator-1', 'D04', 'error', 'open', 'A-60', 'A-60', 'A-60', null, 'provincial_agency', '2012-05', null, '73', '73, 88', null, 'Có nhiều mẫu số.', 'Several denominators.', 'Giả thuyết: 88 = 73 + 15. / Hypothesis: 88 = 73 + 15.', '[{"text_vi": "Giả thuyết: 88 = 73 + 15.", "text_en": "Hypothesis: 88 = 73 + 15."}]', '60-aaa', 'line 23; line 24', 'v', '2026-11-20 01:00+00', '2026-11-22 01:00+00', 'night7'),
('R01-1', 'R01-1', 'R01', 'warning', 'waived', 'A-60', 'A-60', 'A-593', 'plan_issued_agency', 'provincial_agency', '2012-05', 'own', '52.05%', '52,07%', 0.0152, 'Tỷ lệ lệch nhẹ.', 'Slightly off.', null, '[]', '60-aaa', 'Biểu 1!E7', 'v', '2026-11-20 01:00+00', '2026-11-22 01:00+00', 'night7'),
('S03-1', 'S03-1', 'S03', 'error', 'returned', 'A-60', 'A-60', null, 'plan_issued_agency', null, '2012-05', 'own', 'một mã đơn vị trong danh mục / a unit code of the register', '99999', null, 'Mã đơn vị «<script>» không có trong danh mục.', 'Not in the register.', null, '[]', '60-aaa', 'tinh_<b>2012</b>-05.csv · line 12', 'v', '2026-11-20 01:00+00', '2026-11-22 01:00+00', 'night7'),
('S04-1', 'S04-1', 'S04', 'error', 'corrected', 'A-60', 'A-60', null, 'x', null, '2012-05', 'own', 'a', 'b', null, 'Đã sửa rồi.', 'Mended long ago.', null, '[]', '60-aaa', 'line 30', 'v', '2026-11-20 01:00+00', '2026-11-22 01:00+00', 'night7'),
('P01-1', 'P01-1', 'P01', 'error', 'open', null, null, 'VN', 'plan_issued_agency', null, '2012-05', null, '222', '221 / 222 / 222', -1, 'Cả nước khác tổng các phần.', 'The nation differs.', null, '[]', null, null, 'v', '2026-11-20 01:00+00', '2026-11-22 01:00+00', 'night7');
insert into quality.waiver (finding_id, values_key, reason, author, valid_until) values ('R01-1', 'v', 'đã đối chiếu <sổ gốc>', 'lan', '2099-01-01');

-- Who is expected: history (A-60, long before it was loaded), a province that is late, one that is due soon.
insert into reference.calendar (campaign, form, indicator_groups, sender_level, senders, period, due_on, source_report, first_loaded_on) values
('c', 'old form', '{plan}', 'province', '{60}', '2012-05', '2012-06-20', '000', '2026-01-01'),
('c', 'district form', '{plan}', 'district', '{}', '2026-02', '2026-03-20', '000', '2026-01-01'),
('c', 'department form', '{plan}', 'department', '{V-2}', '2026-03', '2026-04-20', '000', '2026-01-01');
