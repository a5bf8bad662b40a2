-- What a slip of the pen is has not changed; a night with 100,000 findings asks a million times, and a function in SQL is
-- set up anew for each. What is worked out of an absurd figure is no bigint, and must not stop the night of the others.
create function quality.as_count(worked_out numeric) returns bigint
language sql immutable parallel safe  -- not strict: so it becomes part of the statement that asks
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

-- Not strict: so it becomes part of the statement that asks, and is not called at all.
create or replace function quality.possibly_meant(written bigint) returns setof bigint
language sql immutable parallel safe rows 40
begin atomic
    with places as not materialized (
        select place from unnest(array[
            1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
            1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000
        ]::bigint[]) as place
        where written between 0 and 99999999999999999  -- with a digit more it is a bigint still
    )
    select written / place * place * 10 + digit * place + written % place
    from places
    cross join generate_series(0, 9) as digit
    where place / 10 <= greatest(written, 1)
    union
    select written / (10 * place) * place + written % place
    from places
    where place <= written and written > 9
    union
    select written + (written / (place / 10) % 10 - written / place % 10) * (place - place / 10)
    from places
    where place <= written and place > 1;
end;
