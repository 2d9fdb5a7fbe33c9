-- Standard errors are of sums by date: the games of a night are one draw.
CREATE VIEW nba_predictions.v_ml_model_daily_performance AS
SELECT
    game_date,
    model_id,
    count(actual_points) AS graded_predictions,
    count(*) FILTER (bet_outcome = 'VOID') AS void_predictions,
    avg(prediction_error) AS mae,
    avg(signed_error) AS bias,
    count(*) FILTER (bet_outcome IN ('WIN', 'LOSS')) AS bets,
    count(*) FILTER (bet_outcome = 'WIN') / nullif(count(*) FILTER (bet_outcome IN ('WIN', 'LOSS')), 0) AS bet_accuracy,
    avg(beat_baseline::INTEGER) AS beat_baseline_share,
    avg(beat_vegas::INTEGER) AS beat_vegas_share
FROM nba_predictions.ml_model_predictions
WHERE graded_at IS NOT NULL
GROUP BY game_date, model_id;

-- Rows of players who played that every enabled model with any graded row has predicted.
CREATE VIEW nba_predictions.v_ml_model_shared_rows AS
WITH graded AS (
    SELECT p.*, m.is_baseline
    FROM nba_predictions.ml_model_predictions AS p
    JOIN nba_predictions.ml_model_registry AS m USING (model_id)
    WHERE m.enabled AND p.actual_points IS NOT NULL
),
shared AS (
    SELECT player_id, game_id FROM graded
    GROUP BY player_id, game_id
    HAVING count(*) = (SELECT count(DISTINCT model_id) FROM graded)
)
SELECT graded.* FROM graded JOIN shared USING (player_id, game_id);

CREATE VIEW nba_predictions.v_ml_model_leaderboard AS
WITH by_date AS (
    SELECT
        a.model_id,
        a.game_date,
        count(*) AS n,
        sum(a.prediction_error) AS error,
        sum(a.signed_error) AS signed,
        count(*) FILTER (a.bet_outcome = 'WIN') AS wins,
        count(*) FILTER (a.bet_outcome IN ('WIN', 'LOSS')) AS bets,
        sum(a.prediction_error - b.prediction_error) AS difference
    FROM nba_predictions.v_ml_model_shared_rows AS a
    LEFT JOIN nba_predictions.v_ml_model_shared_rows AS b
        ON b.is_baseline AND b.player_id = a.player_id AND b.game_id = a.game_id
    GROUP BY a.model_id, a.game_date
),
means AS (
    SELECT
        model_id,
        sum(n) AS n,
        sum(error) / sum(n) AS mae,
        sum(signed) / sum(n) AS bias,
        sum(wins) / nullif(sum(bets), 0) AS bet_accuracy,
        sum(bets) AS bets,
        sum(difference) / sum(n) AS vs_baseline
    FROM by_date GROUP BY model_id
),
errors AS (
    SELECT
        d.model_id,
        sqrt(count(*) / nullif(count(*) - 1, 0) * sum((d.error - m.mae * d.n) ** 2)) / any_value(m.n) AS mae_se,
        sqrt(count(*) / nullif(count(*) - 1, 0) * sum((d.wins - m.bet_accuracy * d.bets) ** 2)) / nullif(any_value(m.bets), 0) AS bet_se,
        sqrt(count(*) / nullif(count(*) - 1, 0) * sum((d.difference - m.vs_baseline * d.n) ** 2)) / any_value(m.n) AS vs_baseline_se
    FROM by_date AS d JOIN means AS m USING (model_id) GROUP BY d.model_id
),
own AS (
    SELECT model_id, count(actual_points) AS graded
    FROM nba_predictions.ml_model_predictions JOIN nba_predictions.ml_model_registry USING (model_id)
    WHERE enabled GROUP BY model_id
),
whole AS (
    SELECT count(*) AS n FROM (
        SELECT DISTINCT player_id, game_id
        FROM nba_predictions.ml_model_predictions JOIN nba_predictions.ml_model_registry USING (model_id)
        WHERE enabled AND actual_points IS NOT NULL
    )
)
SELECT
    rank() OVER (ORDER BY m.mae NULLS LAST) AS place,
    r.model_id,
    r.model_type,
    r.is_production,
    r.is_baseline,
    coalesce(m.n, 0)::BIGINT AS graded_predictions,
    coalesce(own.graded, 0) / nullif((SELECT n FROM whole), 0) AS coverage,
    m.mae,
    e.mae_se,
    m.bias,
    m.bets::BIGINT AS bets,
    m.bet_accuracy,
    CASE WHEN m.bets > 0 THEN greatest(0, m.bet_accuracy - 1.96 * e.bet_se) END AS bet_accuracy_low,
    CASE WHEN m.bets > 0 THEN least(1, m.bet_accuracy + 1.96 * e.bet_se) END AS bet_accuracy_high,
    m.vs_baseline,
    m.vs_baseline - 1.96 * e.vs_baseline_se AS vs_baseline_low,
    m.vs_baseline + 1.96 * e.vs_baseline_se AS vs_baseline_high
FROM nba_predictions.ml_model_registry AS r
LEFT JOIN means AS m USING (model_id)
LEFT JOIN errors AS e USING (model_id)
LEFT JOIN own USING (model_id)
WHERE r.enabled;

CREATE VIEW nba_predictions.v_ml_model_head_to_head AS
WITH by_date AS (
    SELECT
        a.model_id AS model_a,
        b.model_id AS model_b,
        a.game_date,
        count(*) AS n,
        sum(a.prediction_error - b.prediction_error) AS difference,
        count(*) FILTER (a.prediction_error < b.prediction_error) AS a_closer
    FROM nba_predictions.ml_model_predictions AS a
    JOIN nba_predictions.ml_model_predictions AS b USING (player_id, game_id)
    WHERE a.model_id <> b.model_id AND a.actual_points IS NOT NULL AND b.actual_points IS NOT NULL
    GROUP BY ALL
),
means AS (
    SELECT model_a, model_b, sum(n) AS n, sum(difference) / sum(n) AS mean_difference, sum(a_closer) / sum(n) AS a_closer
    FROM by_date GROUP BY model_a, model_b
)
SELECT
    model_a,
    model_b,
    any_value(m.n)::BIGINT AS graded_predictions,
    count(*) AS dates,
    any_value(m.mean_difference) AS mean_difference,
    sqrt(count(*) / nullif(count(*) - 1, 0) * sum((d.difference - m.mean_difference * d.n) ** 2)) / any_value(m.n) AS standard_error,
    any_value(m.mean_difference) - 1.96 * standard_error AS low,
    any_value(m.mean_difference) + 1.96 * standard_error AS high,
    any_value(m.a_closer) AS a_closer
FROM by_date AS d JOIN means AS m USING (model_a, model_b)
GROUP BY model_a, model_b;
