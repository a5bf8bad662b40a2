-- What the calendar expects in %(period)s of the levels and units given.
select form, indicator_groups, sender_level, senders
  from reference.calendar
 where period = %(period)s
   and sender_level = any (%(levels)s)
   and (senders = '{}' or senders && %(codes)s)
 order by due_on, form
