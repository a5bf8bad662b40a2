{{ config(
    indexes=[{'columns': ['period', 'hierarchy', 'indicator', 'unit_id'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- The other trees as they stood in the period. The same reporters climb them, each by its place there.
{{ cascade(ref('int_node_placed'), ref('int_reporter_placed'), ref('int_population_placed'), hierarchy=true) }}
