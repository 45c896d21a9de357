"""A signature, drawn or typed, that becomes an SVG the portal wrote itself."""
