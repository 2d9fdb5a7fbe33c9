"""In tests, and only here, every tensor that enters or leaves a net is checked against its annotated dtype and axes."""

from jaxtyping import install_import_hook

NETS = ("batch", "context_scaler", "fusion", "game_net", "gnn", "in_game_skip", "losses", "pretraining", "transformer")

install_import_hook([f"nba_pipeline.models.{name}" for name in NETS], "beartype.beartype")
