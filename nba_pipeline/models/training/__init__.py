"""From samples to trained nets: configuration, the epoch loop, what is learned in which order, what a run leaves behind."""
