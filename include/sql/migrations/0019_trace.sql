-- What marts.trace needs to find besides the store's own keys. All three are small: of units, findings and kept-aside rows.
create index on store.org_unit (parent_unit_id) where last_release is null;
create index on store.finding (unit_id, period) where last_release is null;
create index on quality.rejected_row ((raw ->> 'period'), (raw ->> 'indicator'));
