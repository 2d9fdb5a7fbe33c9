-- One row per model, player and game. No foreign key on the registry: it would make every change of a flag fail.
CREATE TABLE nba_predictions.ml_model_predictions (
    model_id         VARCHAR NOT NULL,
    player_id        BIGINT NOT NULL,
    game_id          VARCHAR NOT NULL,
    prediction_id    VARCHAR GENERATED ALWAYS AS (model_id || '/' || game_id || '/' || player_id) VIRTUAL,
    player_lookup    VARCHAR NOT NULL,
    game_date        DATE NOT NULL,
    predicted_points DOUBLE NOT NULL CHECK (isfinite(predicted_points) AND predicted_points >= 0),
    betting_line     DOUBLE,
    actual_points    DOUBLE,
    prediction_error DOUBLE,                  -- |predicted - actual|
    signed_error     DOUBLE,                  -- predicted - actual
    bet_outcome      VARCHAR CHECK (bet_outcome IN ('WIN', 'LOSS', 'PUSH', 'VOID')),
    beat_baseline    BOOLEAN,
    beat_vegas       BOOLEAN,
    lineups          VARCHAR NOT NULL,        -- what was known of tonight: projected
    source           VARCHAR NOT NULL,        -- archive, simulated
    created_at       TIMESTAMP NOT NULL,
    updated_at       TIMESTAMP NOT NULL,
    graded_at        TIMESTAMP,
    PRIMARY KEY (model_id, player_id, game_id),
    CHECK (actual_points IS NULL OR prediction_error IS NOT NULL)
);
