-- What a slip of the pen is has not changed; a night with 100,000 findings asks a million times, and a function in SQL is
-- set up anew for each. What is worked out of an absurd figure is no bigint, and must not stop the night of the others.
create function quality.as_count(worked_out numeric) returns bigint
language sql immutable strict parallel safe
return case when worked_out between 0 and 999999999999999999 then round(worked_out)::bigint end;

comment on function quality.as_count(numeric) is
'A number worked out of others as a count: rounded; null where nobody could have meant it (negative, or beyond 18 digits).';

create or replace function quality.slip(meant bigint, written bigint) returns text
language plpgsql immutable strict parallel safe
as $$
declare
    m constant text := meant::text;
    w constant text := written::text;
    longer constant integer := length(m) - length(w);
    place integer := 1;  -- of the first digit that differs: where a slip was made, it was made there or among equals
begin
    if meant = written or meant < 0 or written < 0 or longer not between -1 and 1 then
        return null;
    end if;
    if w = m || '0' or m = w || '0' then
        return 'times_ten';
    end if;
    while substr(m, place, 1) = substr(w, place, 1) loop
        place := place + 1;
    end loop;
    if longer = 1 then
        return case when substr(m, place + 1) = substr(w, place) then 'digit_dropped' end;
    end if;
    if longer = -1 then
        return case when substr(w, place + 1) = substr(m, place) then 'digit_added' end;
    end if;
    if substr(m, place + 2) = substr(w, place + 2) and substr(m, place, 1) = substr(w, place + 1, 1)
        and substr(m, place + 1, 1) = substr(w, place, 1) and place < length(m) then
        return 'digits_swapped';
    end if;
    return case when length(m) > 2 and substr(m, place + 1) = substr(w, place + 1) then 'digit_mistyped' end;
end;
$$;

create or replace function quality.slip_words(slip text, meant text, written text, out text_vi text, out text_en text)
language plpgsql immutable strict parallel safe
as $$
begin
    text_vi := format('Giả thuyết: %s bị ghi thành %s (%s).', meant, written, case slip
        when 'times_ten' then 'thừa hoặc thiếu một chữ số 0'
        when 'digits_swapped' then 'đổi chỗ hai chữ số'
        when 'digit_dropped' then 'thiếu một chữ số'
        when 'digit_added' then 'thừa một chữ số'
        else 'sai một chữ số' end);
    text_en := format('Hypothesis: %s was written as %s (%s).', meant, written, case slip
        when 'times_ten' then 'a nought too many or too few'
        when 'digits_swapped' then 'two digits swapped'
        when 'digit_dropped' then 'a digit dropped'
        when 'digit_added' then 'a digit too many'
        else 'one digit mistyped' end);
end;
$$;

create or replace function quality.possibly_meant(written bigint) returns setof bigint
language plpgsql immutable strict parallel safe
as $$
declare
    w constant text := written::text;
    found bigint[] := '{}';
begin
    if length(w) > 17 then
        return;  -- with a digit more, or two changed round, it may be no bigint
    end if;
    for place in 0..length(w) loop
        for digit in 0..9 loop
            found := found || (left(w, place) || digit || substr(w, place + 1))::bigint;
        end loop;
    end loop;
    for place in 1..length(w) loop
        if length(w) > 1 then
            found := found || (left(w, place - 1) || substr(w, place + 1))::bigint;
        end if;
        if place < length(w) then
            found := found
                || (left(w, place - 1) || substr(w, place + 1, 1) || substr(w, place, 1) || substr(w, place + 2))::bigint;
        end if;
    end loop;
    return query select distinct unnest(found);
end;
$$;
