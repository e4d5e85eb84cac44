"""Exhibits of text augmentation: one method on versions of a corpus, beside methods on the corpus itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from workbench.data.augment import version_name
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable
from workbench.exhibits.numbers import over_seeds
from workbench.exhibits.scope import TRAIN_SIZE, Need, Scope


@dataclass(frozen=True, kw_only=True)
class AugmentationTable(VariantTable):
    """Test metrics of several methods, and of one of them trained on augmented versions of the corpus too.

    A version is part of the grid once it is there, under the name that `workbench data augment` gives it.
    Where runs see a part of the training documents, versions are left out: a part of a version would be other
    documents.

    Attributes:
        augmented: the method that is trained on versions.
        ways: what the paper calls an augmentation -> what the workbench calls it.
    """

    augmented: str
    ways: Mapping[str, str]

    def needs(self, scope: Scope) -> list[Need]:
        """As of a table of variants, the versions' runs behind those of the method that they are for."""
        found = []
        for need in super().needs(scope):
            found.append(need)
            if need.method == self.augmented and TRAIN_SIZE not in need.settings:
                found += [replace(need, corpus=version) for version in self._versions(scope)]
        return found

    def analyse(self, material: Material) -> Result:
        """`numbers` and `runs`, those on versions called after the augmentation."""
        result = super().analyse(material)
        versions = self._versions(material.scope)
        called = {one.run.name: versions[one.need.corpus] for one in material.made if one.need.corpus}
        runs = result.tables["runs"]
        runs = runs.assign(variant=runs["variant"].where(~runs["run"].isin(called), runs["run"].map(called)))
        return Result({"numbers": over_seeds(runs), "runs": runs}, result.problems)

    def _versions(self, scope: Scope) -> dict[str, str]:
        """Names of the versions that are there, with what the paper calls how they were made."""
        names = {version_name(scope.corpus.name, way): said for said, way in self.ways.items()}
        return {name: said for name, said in names.items() if name in scope.corpus.versions}
