"""The desk: staff sign in, find a member of their studio, and help them with the same pages that members have."""
