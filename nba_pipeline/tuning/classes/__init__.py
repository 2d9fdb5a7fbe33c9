"""One file per class of models, each with a `MODEL_CLASS`. The file's name is the class's name."""
