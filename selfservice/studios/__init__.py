"""The studios this portal serves: who they are, which API key is theirs, which one a request is for."""
