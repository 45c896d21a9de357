"""The portal's commands, one module each."""
