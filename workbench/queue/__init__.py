"""Trainings one after the other: a folder of jobs, and a process of its own that works them off."""
