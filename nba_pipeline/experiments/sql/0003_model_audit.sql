-- Every change of a watched field of the registry; the last row of a model and field is what was last known.
CREATE SEQUENCE nba_predictions.audit_number;
CREATE TABLE nba_predictions.ml_model_audit (
    audit_id  BIGINT PRIMARY KEY DEFAULT nextval('nba_predictions.audit_number'),
    changed_at TIMESTAMP NOT NULL,
    who       VARCHAR NOT NULL,
    action    VARCHAR NOT NULL,               -- register, enable, disable, promote, rollback, publish, by hand
    model_id  VARCHAR NOT NULL,
    field     VARCHAR NOT NULL,
    old_value VARCHAR,
    new_value VARCHAR,
    forced    BOOLEAN NOT NULL DEFAULT FALSE,
    reason    VARCHAR
);
