-- Whether what a sender says of a period is an input of a partition that the running night (setting tonghop.run_id)
-- rebuilds. What belongs to no readable period is judged every night.
create or replace function ops.is_judged_tonight(said_period text, said_by text)
returns boolean
language sql
stable
begin atomic
    select
        said_period is null
        or exists (
            select 1
            from ops.run_partition as scope
            where
                scope.run_id = current_setting('tonghop.run_id')
                and scope.period = said_period
                and scope.province_unit_id = coalesce(
                    (
                        select speaker.unit_id
                        from reference.speaker(
                            said_by, (to_date(said_period, 'YYYY-MM') + interval '1 month - 1 day')::date
                        ) as speaker
                        where speaker.level = 'province'
                    ),
                    '-'
                )
        );
end;
comment on function ops.is_judged_tonight(text, text) is
    'Whether the running night rebuilds the partition that a sender''s word on a period belongs to';
