"""The file that says how windows are trained: 27 without a word, and wrong entries named."""

from pathlib import Path

import pytest

from nba_pipeline.windows.config import DEFAULT, WindowsConfig, WindowsConfigError, read_config


def test_the_usual_file_is_the_27_windows_of_history():
    config = read_config()
    assert len(config.chosen) == 27
    assert (config.chosen[0].name, config.chosen[-2].name, config.chosen[-1].name) == ("1947-1949", "2022-2024", "2025-2026")
    assert config.chosen[-1].seasons == ("2024-25", "2025-26")
    seasons = [season for window in config.chosen for season in window.seasons]
    assert len(seasons) == len(set(seasons)) == 80
    assert config == WindowsConfig(), "the file and the code say the same"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("windows: [2019-2017]", "2019-2017"),
        ("windows: [2019-2021, 2020-2022]", "overlap"),
        ("net: {wdith: 4}", "net.wdith"),
        ("meta: {passes: 0}", "meta.passes"),
        ("- 1", "dictionary"),
        ("net: [", "cannot be read"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, text: str, named: str):
    file = tmp_path / "windows.yaml"
    file.write_text(text)
    with pytest.raises(WindowsConfigError, match=named) as refused:
        read_config(file)
    assert str(file) in str(refused.value)
    assert str(DEFAULT) in str(refused.value)
