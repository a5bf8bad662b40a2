-- The day it is in Vietnam, whatever the server's or the session's zone: a waiver ends when its day ends there.

create function ops.today() returns date
language sql stable parallel safe
return (now() at time zone 'Asia/Ho_Chi_Minh')::date;

comment on function ops.today() is
    'The day it is in Vietnam now: what waivers end by, and what today''s tree is of.';

alter table ops.run alter column tree_on set default ops.today();
alter table store.release alter column tree_on set default ops.today();
alter table reference.calendar alter column first_loaded_on set default ops.today();
