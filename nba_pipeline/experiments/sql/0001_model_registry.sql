-- One row per model. A row is all it takes: the next run picks it up.
CREATE TABLE nba_predictions.ml_model_registry (
    model_id            VARCHAR PRIMARY KEY CHECK (model_id <> ''),
    model_name          VARCHAR NOT NULL,
    model_type          VARCHAR NOT NULL,      -- names a loader: catboost, xgboost, lightgbm, ewma
    model_version       VARCHAR NOT NULL,
    model_path          VARCHAR NOT NULL,      -- in the data folder, absolute, s3://… or gs://…
    model_format        VARCHAR NOT NULL,      -- cbm, json, ubj, txt
    feature_version     VARCHAR NOT NULL,      -- a key of FEATURE_SETS in features/player_form.py
    feature_count       INTEGER NOT NULL CHECK (feature_count > 0),
    training_start_date DATE,
    training_end_date   DATE,                  -- nothing of this date or before is predicted
    test_mae            DOUBLE,
    test_rows           INTEGER,
    sha256              VARCHAR NOT NULL CHECK (regexp_full_match(sha256, '[0-9a-f]{64}')),
    enabled             BOOLEAN NOT NULL DEFAULT TRUE,
    is_production       BOOLEAN NOT NULL DEFAULT FALSE,
    is_baseline         BOOLEAN NOT NULL DEFAULT FALSE,
    created_at          TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
    updated_at          TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
    created_by          VARCHAR NOT NULL DEFAULT 'SQL',
    notes               VARCHAR,
    CHECK (NOT is_production OR enabled),
    CHECK (model_type = 'ewma' OR training_end_date IS NOT NULL),
    CHECK (training_start_date IS NULL OR training_end_date IS NULL OR training_start_date <= training_end_date)
);

-- NULLs are distinct, so that any number of models may be neither.
CREATE UNIQUE INDEX one_production_model ON nba_predictions.ml_model_registry ((CASE WHEN is_production THEN 1 END));
CREATE UNIQUE INDEX one_baseline ON nba_predictions.ml_model_registry ((CASE WHEN is_baseline THEN 1 END));
