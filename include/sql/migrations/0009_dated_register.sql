-- Populations, department assignments and places in other trees are dated, as units are; types of units are data.
create table reference.unit_type (
    type              text primary key,
    name_vi           text not null,
    name_en           text not null,
    level             text not null,
    is_administrative boolean not null
);
comment on table reference.unit_type is 'Types of units; is_administrative: only the centre registers units of the type';

create table reference.hierarchy (
    hierarchy text primary key,
    name_vi   text not null,
    name_en   text not null,
    note      text not null
);
comment on table reference.hierarchy is 'Trees that indicators climb; territorial is the one of reference.org_unit';

create table reference.grouping (
    unit_id        text not null,
    code           text not null,
    name           text not null,
    ascii_name     text not null,
    type           text not null,
    hierarchy      text not null references reference.hierarchy,
    parent_unit_id text not null,
    valid          daterange not null,
    source         text not null,
    primary key (unit_id, valid),
    exclude using gist (unit_id with =, valid with &&)
);
comment on table reference.grouping is 'One row per dated version of a node of another tree than the territorial one';

create table reference.placement (
    hierarchy      text not null references reference.hierarchy,
    unit_id        text,
    unit_type      text,
    parent_unit_id text not null,
    valid          daterange not null,
    check ((unit_id is null) <> (unit_type is null)),
    exclude using gist (hierarchy with =, unit_id with =, valid with &&) where (unit_id is not null),
    exclude using gist (hierarchy with =, unit_type with =, valid with &&) where (unit_type is not null)
);
comment on table reference.placement is 'Where a unit, or every unit of a type, stands in another tree; a unit''s own row goes before its type''s';

alter table reference.department_assignment add column valid daterange not null default '(,)';
alter table reference.department_assignment drop constraint department_assignment_pkey;
alter table reference.department_assignment add primary key (province_unit_id, valid);
alter table reference.department_assignment
    add constraint one_department_a_day exclude using gist (province_unit_id with =, valid with &&);

alter table reference.indicator drop constraint indicator_population_fkey;
alter table reference.indicator add column hierarchies text[] not null default '{territorial}';
comment on column reference.indicator.hierarchies is 'Trees it climbs; the first is the one whose figures above groupings are published';

alter table reference.population add column valid daterange not null default '(,)';
alter table reference.population drop constraint population_pkey;
alter table reference.population add primary key (population, valid);
alter table reference.population
    add constraint one_version_of_a_population_a_day exclude using gist (population with =, valid with &&);

create index on reference.succession (effective_on);

-- The tree on which a night restates every period: that of its day.
alter table ops.run add column tree_on date not null default (now() at time zone 'Asia/Ho_Chi_Minh')::date;
comment on column ops.run.tree_on is 'Day whose territorial tree every period is restated on';
