"""Raw rows become clean tables with a schema. What belongs elsewhere: anything known only as of an instant (`features`)."""
