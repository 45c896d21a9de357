"""Form fields for values that every country writes its own way."""
