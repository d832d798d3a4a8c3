"""A connector's side of its data space: applying, staying certified, announcing, searching."""
