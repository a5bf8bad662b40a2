-- Columns that only the views have (labels, the release) are described here; all others carry dbt's descriptions.
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
            ('unit_code', 'Code of the unit in the period. Codes were reused: a code means nothing without its period.'),
            ('unit_name', 'Name of the unit in the period.'),
            ('level', 'nation, department, province, district or grassroots.'),
            ('coverage', 'reporting_units / expected_units.'),
            ('rate', 'Numerator over denominator, a fraction of one, divided once, last.'),
            ('submission_id', 'The submission that states it, as in the ledger.'),
            ('locator', 'Where it stands in the file: a line, or sheet and cell.'),
            ('release_id', 'The release that this statement reads: the current one.'),
            ('published_in_release_id', 'The release in which this row was published first.'),
            ('published_at', 'When the release became visible.'),
            ('run_id', 'The night that published it.'),
            ('note', 'What was said of it.'),
            ('rows_added', 'Rows that the release added to the store.'),
            ('rows_closed', 'Rows that it closed: changed or vanished.'),
            ('is_current', 'Whether the marts show this release.'),
            ('department_name', 'Name of the Vụ Địa phương in the period.'),
            ('province_name', 'Name of the province in the period.')
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
        where col_description(attribute.attrelid, attribute.attnum) is null
    loop
        execute format('comment on column %s.%I is %L', described.view_name, described.column_name, described.meaning);
    end loop;
end
$$;
