"""Which source files an asset's code version looks at."""

from nba_pipeline.orchestration.code_versions import code_version, modules_behind

ROOM = "nba_pipeline.features"


def test_a_version_sees_the_parts_of_a_table_and_what_they_import():
    behind = modules_behind((f"{ROOM}.rotation",))
    assert {f"{ROOM}.rotation", f"{ROOM}.playing_time.candidates", f"{ROOM}.playing_time.context", f"{ROOM}.asof"} <= behind
    assert f"{ROOM}.elo" in behind, "imported as a name of the package"
    assert f"{ROOM}.lineup_graphs" not in behind


def test_a_version_keeps_to_its_room():
    assert {".".join(module.split(".")[:2]) for module in modules_behind(("nba_pipeline.models.training.runs",))} == {"nba_pipeline.models"}
    assert "nba_pipeline.models.nets.fusion" in modules_behind(("nba_pipeline.models.training.runs",))


def test_different_modules_have_different_versions():
    assert code_version(f"{ROOM}.elo") != code_version(f"{ROOM}.fatigue") != code_version(f"{ROOM}.elo", f"{ROOM}.fatigue")
