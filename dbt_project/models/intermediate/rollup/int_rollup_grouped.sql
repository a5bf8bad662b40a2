{{ config(
    indexes=[{'columns': ['period', 'hierarchy', 'indicator', 'unit_id'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- Levels are sums of sums that have no statistics: a nested loop over them would be guessed right only by luck.
-- The other trees as they stood in the period. The same reporters climb them, each by its place there.
{{ cascade(ref('int_node_placed'), ref('int_reporter_placed'), ref('int_population_placed'), hierarchy=true) }}
