"""One asset per class of tuned models: trains the active models of the class, or the one that the run's configuration names.

What training is, is `tuning`'s business; a file put into `tuning/classes/` has its asset here without a further word.
"""

import json
from datetime import date

import dagster as dg

from nba_pipeline.league.seasons import parse_seasons
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.costs import cost_metadata, on_the_ledger
from nba_pipeline.orchestration.metadata import number_metadata
from nba_pipeline.orchestration.partitions import ONE_RUN
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.tuned_metadata import tuned_metadata
from nba_pipeline.tuning.model_class import CLASS_NAMES, model_class
from nba_pipeline.tuning.retrain import Asked
from nba_pipeline.tuning.trials import OnTrial, Trial

GROUP = "tuning"


class TuneConfig(dg.Config):
    """What a run may ask for; what is empty or 0 is the model's own.

    Attributes:
        name: only this model, made when there is none.
        search_space: JSON, as `tuning.search_space.read_space` takes it.
        method: `grid` or `bayesian`.
        trials: of a Bayesian search.
        folds: in time order.
        seasons: to learn from; all that are on disk when empty.
        held_out_from: first held-out day, as 2021-10-01; the last 500 games, at most a fifth, when empty.
        gap_days: before each judged block.
        budget_minutes: of each search.
    """

    name: str = ""
    search_space: str = ""
    method: str = ""
    trials: int = 0
    folds: int = 0
    seasons: str = ""
    held_out_from: str = ""
    gap_days: int = 7
    budget_minutes: float = 0.0

    def asked(self) -> Asked:
        """The same as `tuning` takes it."""
        return Asked(
            name=self.name,
            search_space=json.loads(self.search_space or "{}"),
            method=self.method,
            n_trials=self.trials,
            cv_folds=self.folds,
            seasons=parse_seasons(self.seasons) if self.seasons else (),
            held_out_from=date.fromisoformat(self.held_out_from) if self.held_out_from else None,
            gap_days=self.gap_days,
            budget_seconds=60 * self.budget_minutes or None,
        )


def tuned_asset(class_name: str) -> dg.AssetsDefinition:
    """The asset of a class of models."""

    @dg.asset(
        name=f"tuned_{class_name}",
        deps=["games", *(["context_features"] if model_class(class_name).needs_features else [])],
        description=f"Active models of class {class_name}: searched, judged on held-out games, registered, and in use if better.",
        group_name=GROUP,
        owners=["team:modelling"],
        kinds={"scikitlearn"},
        pool="train",
        backfill_policy=ONE_RUN,
        code_version=code_version("nba_pipeline.tuning.retrain", f"nba_pipeline.tuning.classes.{class_name}"),
    )
    def tuned(context: dg.AssetExecutionContext, config: TuneConfig, store: StoreResource) -> dg.MaterializeResult:
        from nba_pipeline.tuning.model_manager import ModelManager
        from nba_pipeline.tuning.model_trainer import ModelTrainer
        from nba_pipeline.tuning.retrain import train_class

        trainer = ModelTrainer(ModelManager(store.warehouse), context.log, on_trial=_told(context))
        with on_the_ledger(context, store) as spending:
            results = train_class(trainer, class_name, config.asked(), context.log.info)
        facts = {"registered": len(results), "source": store.source, **cost_metadata(spending)}
        return dg.MaterializeResult(metadata={**facts, **tuned_metadata(results, class_name)})

    return tuned


def _told(context: dg.AssetExecutionContext) -> OnTrial:
    """One observation a trial, which the UI plots and the terminal's bar shows, and one line in the run's log."""

    def told(trial: Trial, of: int) -> None:
        numbers = {"trial": trial.number + 1, "of": of, "trial_loss": trial.loss}
        context.log_event(dg.AssetObservation(asset_key=context.asset_key, metadata=number_metadata(numbers)))
        how = "pruned" if trial.pruned else f"log loss {trial.loss:.5f}"
        context.log.info("trial %d of %d, %.1f s: %s, %s", trial.number + 1, of, trial.seconds, dict(trial.params), how)

    return told


TUNING_ASSETS = [tuned_asset(name) for name in CLASS_NAMES]
