{{ config(
    indexes=[{'columns': ['period', 'indicator', 'unit_id'], 'unique': true}],
    pre_hook='set local enable_sort = off',
    post_hook='analyze {{ this }}'
) }}

-- The groups are few beside the rows that are summed: hashed, never sorted.
-- The territorial tree as it stood in the period. Reporters' own figures are not repeated here.
{{ cascade(ref('int_node_identified'), ref('int_reporter_identified'), ref('int_population_resolved')) }}
