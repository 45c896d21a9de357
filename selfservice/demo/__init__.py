"""What exists in the demo alone: a mailbox that everybody on this machine can read."""
