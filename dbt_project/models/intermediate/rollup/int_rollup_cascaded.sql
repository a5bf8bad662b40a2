{{ config(
    indexes=[{'columns': ['period', 'indicator', 'unit_id'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- The territorial tree as it stood in the period. Reporters' own figures are not repeated here.
{{ cascade(ref('int_node_identified'), ref('int_reporter_identified'), ref('int_population_resolved')) }}
