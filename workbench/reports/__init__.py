"""Reports: what runs are, what they measured and how they look, in one file that opens anywhere."""
