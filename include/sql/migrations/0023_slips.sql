-- How one number became another under somebody's hand: what explanations of findings are tried by.

create function quality.slip(meant bigint, written bigint) returns text
language sql immutable strict parallel safe
return case
    when meant = written or meant < 0 or written < 0 then null
    when written = 10 * meant or meant = 10 * written then 'times_ten'
    when length(meant::text) = length(written::text) then
        case
            when exists (
                select from generate_series(1, length(meant::text) - 1) as place
                where
                    overlay(
                        meant::text placing substr(meant::text, place + 1, 1) || substr(meant::text, place, 1)
                        from place for 2
                    ) = written::text
            ) then 'digits_swapped'
            when length(meant::text) > 2 and 1 = (
                select count(*) from generate_series(1, length(meant::text)) as place
                where substr(meant::text, place, 1) <> substr(written::text, place, 1)
            ) then 'digit_mistyped'
        end
    when length(meant::text) = length(written::text) + 1 and exists (
        select from generate_series(1, length(meant::text)) as place
        where overlay(meant::text placing '' from place for 1) = written::text
    ) then 'digit_dropped'
    when length(written::text) = length(meant::text) + 1 and exists (
        select from generate_series(1, length(written::text)) as place
        where overlay(written::text placing '' from place for 1) = meant::text
    ) then 'digit_added'
end;

comment on function quality.slip(bigint, bigint) is
    'What turns the number that was meant into the one that was written: digits_swapped (two neighbours), digit_dropped, digit_added, digit_mistyped (of three or more), times_ten (either way); null: nothing so simple';

create function quality.slip_weight(slip text) returns numeric
language sql immutable strict parallel safe
return case slip
    when 'times_ten' then 86
    when 'digits_swapped' then 78
    when 'digit_dropped' then 66
    when 'digit_added' then 64
    when 'digit_mistyped' then 40
end;

comment on function quality.slip_weight(text) is
    'How much a slip explains beside other causes, of 100: the fewer numbers a slip can reach, the less it is chance';

create function quality.slip_words(slip text, meant text, written text, out text_vi text, out text_en text)
language sql immutable strict parallel safe
return row(
    format('Giả thuyết: %s bị ghi thành %s (%s).', meant, written, case slip
        when 'times_ten' then 'thừa hoặc thiếu một chữ số 0'
        when 'digits_swapped' then 'đổi chỗ hai chữ số'
        when 'digit_dropped' then 'thiếu một chữ số'
        when 'digit_added' then 'thừa một chữ số'
        else 'sai một chữ số' end),
    format('Hypothesis: %s was written as %s (%s).', meant, written, case slip
        when 'times_ten' then 'a nought too many or too few'
        when 'digits_swapped' then 'two digits swapped'
        when 'digit_dropped' then 'a digit dropped'
        when 'digit_added' then 'a digit too many'
        else 'one digit mistyped' end)
);

comment on function quality.slip_words(text, text, text) is
    'A slip as a hypothesis, in Vietnamese and in English; the numbers as their sender writes them';

create function quality.possibly_meant(written bigint) returns setof bigint
language sql immutable strict parallel safe
begin atomic
    select (left(written::text, place) || digit || substr(written::text, place + 1))::bigint
    from generate_series(0, length(written::text)) as place
    cross join generate_series(0, 9) as digit
    union
    select overlay(written::text placing '' from place for 1)::bigint
    from generate_series(1, length(written::text)) as place
    where length(written::text) > 1
    union
    select overlay(
        written::text placing substr(written::text, place + 1, 1) || substr(written::text, place, 1) from place for 2
    )::bigint
    from generate_series(1, length(written::text) - 1) as place;
end;

comment on function quality.possibly_meant(bigint) is
    'Every number from which one slip could have made the one that was written: a digit dropped or added, or two neighbours swapped';
