"""The pages: each asks one question of the runs and corpora in a workspace."""
