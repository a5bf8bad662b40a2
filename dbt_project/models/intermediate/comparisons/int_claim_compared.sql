-- Each figure that a standing report claims, beside what the tables of its sender give for the same indicator and period:
-- the sender's own cell of the roll-up, or the ledger's count where a population is claimed.
with

claims as (

    select
        claim.*,
        sender.unit_id as sender_unit_id
    from {{ ref('stg_submissions__claim') }} as claim
    left join {{ ref('int_sender_resolved') }} as sender
        on
            claim.period = sender.period
            and claim.sender = sender.sender
    where claim.submission_seq = claim.form_latest_seq

),

laid_beside as (

    select
        claims.*,
        coalesce(own.numerator, cell.numerator, counted.amount) as table_numerator,
        coalesce(own.denominator, cell.denominator) as table_denominator,
        case
            when own.unit_id is not null then 'own'
            when cell.unit_id is not null then cell.basis
            when counted.unit_id is not null then 'ledger'
        end as table_basis
    from claims
    left join {{ ref('int_observation_standing') }} as own
        on
            claims.period = own.period
            and claims.sender_unit_id = own.unit_id
            and claims.indicator = own.indicator
            and own.fact_scope = 'own'
            and own.is_reporter
            and not own.is_return
    left join {{ ref('int_rollup_cascaded') }} as cell
        on
            claims.period = cell.period
            and claims.sender_unit_id = cell.unit_id
            and claims.indicator = cell.indicator
            and cell.basis <> 'missing'
    left join {{ ref('int_population_counted') }} as counted
        on
            claims.period = counted.period
            and claims.sender_unit_id = counted.unit_id
            and claims.indicator = counted.population

),

-- As the bound it is (trên, gần, khoảng); null where the two cannot be compared, as with a range.
compared as (

    select
        *,
        case
            when kind = 'rate' then
                case rate_bound
                    when 'lower' then table_rate >= rate_value
                    when 'upper' then table_rate <= rate_value
                    when 'about' then abs(table_rate - rate_value) <= 0.05
                    when 'range' then null
                    else round(100 * table_rate, rate_decimals) = round(100 * rate_value, rate_decimals)
                end
            when bound = 'lower' then table_numerator >= numerator
            when bound = 'upper' then table_numerator <= numerator
            when bound = 'about' then abs(table_numerator - numerator) <= 0.05 * table_numerator
            when bound is null then
                table_numerator = numerator
                and (denominator is null or table_denominator is null or denominator = table_denominator)
        end as is_fitting
    from (
        select
            *,
            {{ safe_ratio('table_numerator', 'table_denominator') }} as table_rate
        from laid_beside
    ) as beside

),

judged as (

    select
        *,
        case
            when indicator is null then null
            when table_numerator is null then 'only_in_prose'
            when is_fitting then 'agrees'
            when not is_fitting then 'disagrees'
        end as verdict
    from compared

),

final as (

    select
        period,
        submission_seq,
        submission_id,
        claim_number,
        sender_unit_id,
        quote,
        char_start,
        char_end,
        kind,
        population_text,
        indicator,
        link_score,
        numerator,
        denominator,
        stated_rate,
        table_numerator,
        table_denominator,
        table_basis,
        verdict
    from judged

)

select * from final
