"""The list of features, in an order in which they can be built. Assets, the as-of proof and the docs all read it."""

from nba_pipeline.features import (
    absences,
    context_features,
    context_features_reported,
    elo,
    era_form,
    fatigue,
    lineup_graphs,
    lineup_graphs_reported,
    lineup_hulls,
    lineup_spacing,
    player_form,
    player_rapm,
    player_rating,
    player_rating_reported,
    rotation,
    rotation_reported,
    season_stats,
    sequences,
    team_form,
)
from nba_pipeline.features.feature import Feature

FEATURES: tuple[Feature, ...] = (
    elo.FEATURE,
    fatigue.FEATURE,
    team_form.FEATURE,
    season_stats.FEATURE,
    player_rapm.FEATURE,
    rotation.FEATURE,
    player_rating.FEATURE,
    lineup_spacing.FEATURE,
    lineup_hulls.FEATURE,
    context_features.FEATURE,
    sequences.FEATURE,
    lineup_graphs.FEATURE,
    absences.FEATURE,
    rotation_reported.FEATURE,
    player_rating_reported.FEATURE,
    context_features_reported.FEATURE,
    lineup_graphs_reported.FEATURE,
    player_form.FEATURE,
)

ERA_FEATURES: tuple[Feature, ...] = (era_form.FEATURE,)
"""Of the window models: over the whole of history, so that they are no part of the main job."""

ALL_FEATURES = (*FEATURES, *ERA_FEATURES)
"""What the as-of proof goes through."""


def upstream(feature: Feature) -> tuple[Feature, ...]:
    """Every feature that `feature` is built from, in the order of the list."""
    needed = set(feature.inputs)
    for step in reversed(FEATURES):
        if step.name in needed:
            needed |= set(step.inputs)
    return tuple(step for step in FEATURES if step.name in needed)
