-- Hashes of the loaded register by province, once for each state that was loaded. A unit that changed its province counts
-- for both.
with recursive

edges as (

    select distinct
        unit_id,
        parent_unit_id
    from reference.org_unit
    where parent_unit_id is not null

),

under as (

    select distinct
        unit_id as province_unit_id,
        unit_id
    from reference.org_unit
    where level = 'province'

    union

    select
        under.province_unit_id,
        edges.unit_id
    from under
    inner join edges on under.unit_id = edges.parent_unit_id

),

facts as (

    select
        coalesce(under.province_unit_id, '-') as province_unit_id,
        version.fact
    from (
        select
            unit_id,
            level,
            md5(concat_ws('|', unit_id, code, name, ascii_name, type, level, parent_unit_id, valid)) as fact
        from reference.org_unit
    ) as version
    left join under using (unit_id)

    union all

    -- What stands above needs to know of each province where it stands.
    select
        '-',
        md5(concat_ws('|', unit_id, code, name, type, parent_unit_id, valid))
    from reference.org_unit
    where level = 'province'

    union all

    select
        coalesce(under.province_unit_id, '-'),
        md5(concat_ws('|', old_unit_id, new_unit_id, relation, effective_on))
    from reference.succession
    cross join lateral (values (old_unit_id), (new_unit_id)) as concerned (unit_id)
    left join under using (unit_id)

    union all

    select
        coalesce(under.province_unit_id, '-'),
        md5((to_jsonb(placement) - 'source')::text)
    from reference.placement as placement
    left join under using (unit_id)

),

catalogue as (

    -- Hashed here already: it stands beside every fact of every unit.
    select
        md5(coalesce(string_agg(fact, E'\n' order by fact), '')) as hash
    from (
        select (to_jsonb(entry) - 'source')::text as fact from reference.indicator as entry
        union all
        select (to_jsonb(entry) - 'source')::text from reference.population as entry
        union all
        select (to_jsonb(entry) - 'source')::text from reference.reporter as entry
        union all
        select (to_jsonb(entry) - 'source')::text from reference.grouping as entry
        union all
        select (to_jsonb(entry) - 'source')::text from reference.name_variant as entry
        union all
        -- By type: everybody's.
        select (to_jsonb(placement) - 'source')::text from reference.placement as placement where placement.unit_id is null
    ) as facts

)

insert into ops.register_fingerprint (content_hash, province_unit_id, fingerprint)
select
    %(content_hash)s,
    facts.province_unit_id,
    md5(string_agg(facts.fact, '' order by facts.fact) || catalogue.hash)
from facts
cross join catalogue
group by facts.province_unit_id, catalogue.hash
on conflict do nothing;
