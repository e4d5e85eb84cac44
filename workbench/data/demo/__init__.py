"""The built-in corpus: generated, never downloaded, with its planted structure at hand."""

from workbench.data.demo.generator import DemoCorpus, generate
from workbench.data.demo.labelling import Noise
from workbench.data.demo.truth import PlantedTruth, load_truth
from workbench.data.demo.version import generator_version

__all__ = ["DemoCorpus", "Noise", "PlantedTruth", "generate", "generator_version", "load_truth"]
