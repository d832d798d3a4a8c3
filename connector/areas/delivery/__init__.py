"""Plain delivery: files that an agreement lets through, fetched by the consumer or sent to it."""
