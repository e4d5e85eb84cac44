"""`workbench probe`: what needs a run's weights is computed once and kept in the run's folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from workbench.progress import watched_bar
from workbench.wording import how_many, signed

if TYPE_CHECKING:
    from workbench.runs.store import Run

app = typer.Typer(
    name="probe", help="Compute, once, what the pages show of a run's weights.", no_args_is_help=True
)


@app.callback()
def _probe() -> None:
    """Compute, once, what the pages show of a run's weights."""


@app.command()
def landscape(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="Names or folders of finished runs.")],
    plane: Annotated[
        str,
        typer.Option(help="random: the same directions for all runs; path: where each one's training went."),
    ] = "random",
    grid: Annotated[int, typer.Option(help="Points along each direction, an odd number.")] = 19,
    radius: Annotated[float, typer.Option(help="How far to look; 1 is a step as long as the weights.")] = 1.0,
    documents: Annotated[int, typer.Option(help="Training documents to compute the loss on.")] = 256,
    seed: Annotated[int, typer.Option(help="Of documents and directions.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Compute again what is there already.")] = False,
) -> None:
    """Compute the loss around the weights of runs, and how sharply it rises."""
    from workbench.probes.landscape import probe_landscape
    from workbench.probes.landscape_settings import LandscapeSettings, kept_report

    settings = LandscapeSettings.parse(
        {"plane": plane, "grid": grid, "radius": radius, "documents": documents, "seed": seed}
    )

    def probe(run: Run) -> str:
        kept = None if force else kept_report(run, settings)
        report = kept or probe_landscape(run, settings, force=force)
        return f"{_in_short(report)}, " + ("as before" if kept else f"{report['seconds']:.0f} s")

    loaded = _each(runs, probe, force=force)
    splits = {run.manifest["corpus"]["split_id"] for run in loaded}
    if len(splits) > 1:
        _say(f"These runs are of {len(splits)} splits: only those of one split are drawn together.")
    _say("Next: workbench dashboard, page Landscapes")


@app.command("training-sets")
def training_sets(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="Names or folders of finished runs.")],
    force: Annotated[bool, typer.Option("--force", help="Predict again what is there already.")] = False,
) -> None:
    """Predict the documents that runs were trained on: which labels a run gives them together.

    What is printed is LACO's divergence (Eq. 8), in nats. It is no distance: 0 where labels come together
    as in the gold, above 0 where on balance more seldom, below 0 where more often.
    """
    from workbench.analysis.dependency import training_divergence
    from workbench.probes.training_sets import probe_training_sets

    def probe(run: Run) -> str:
        documents = how_many(probe_training_sets(run, force=force)["documents"], "training document")
        return f"{documents}, label pairs diverge by {_divergence(training_divergence(run))} in the gold"

    _each(runs, probe, force=force)


@app.command("training-vectors")
def training_vectors(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="Names or folders of finished runs.")],
    force: Annotated[bool, typer.Option("--force", help="Compute again what is there already.")] = False,
) -> None:
    """Keep where runs place the documents that they were trained on: who lies near a text."""
    from workbench.probes.training_vectors import probe_training_vectors

    def probe(run: Run) -> str:
        with watched_bar(run.name, run.manifest["corpus"]["n_train"]) as advance:
            report = probe_training_vectors(run, force=force, advance=advance)
        return f"vectors of {how_many(report['documents'], 'training document')}"

    _each(runs, probe, force=force)
    _say("Next: workbench dashboard, page Inside a document")


@app.command()
def heads(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="Names or folders of finished runs.")],
    force: Annotated[bool, typer.Option("--force", help="Score again what is there already.")] = False,
) -> None:
    """Score validation and test documents head by head, for runs whose scores join several."""
    from workbench.probes.heads import probe_heads

    def probe(run: Run) -> str:
        report = probe_heads(run, force=force)
        documents = how_many(sum(report["documents"].values()), "document")
        return f"{documents} scored by each of {', '.join(report['heads'])}"

    _each(runs, probe, force=force)


@app.command()
def geometry(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="Names or folders of finished runs.")],
    force: Annotated[bool, typer.Option("--force", help="Compute again what is there already.")] = False,
) -> None:
    """Give test documents to the untrained model that runs began with, and keep its vectors."""
    from workbench.probes.geometry import probe_geometry

    def probe(run: Run) -> str:
        documents = how_many(probe_geometry(run, force=force)["documents"], "test document")
        return f"vectors of {documents} before training"

    _each(runs, probe, force=force)
    _say("Next: workbench dashboard, page Geometry")


def _divergence(nats: float) -> str:
    """The sum of Eq. 8, which can be below 0, and which way that is."""
    if round(nats, 2) == 0:
        return "0.00 nats: on balance predicted as often as"
    return f"{signed(nats, 2)} nats: on balance predicted {'more seldom' if nats > 0 else 'more often'} than"


def _each(names: list[str], probe: Callable[[Run], str], *, force: bool) -> list[Run]:
    """Probe the finished runs of these names one after the other; what is done is kept when interrupted."""
    loaded = _finished(names)
    done: list[str] = []
    try:
        for run in loaded:
            said = probe(run)
            done.append(run.name)
            print(f"{run.name}: {said}")
    except KeyboardInterrupt:
        _say(_interrupted([run.name for run in loaded], done, force=force), error=True)
        raise typer.Exit(130) from None
    return loaded


def _interrupted(names: list[str], done: list[str], *, force: bool) -> str:
    """What is kept, and how to go on; with `--force` the same command would begin anew with all of them."""
    left = names[len(done) :]
    kept = f"Interrupted. {', '.join(done)}: done and kept." if done else "Interrupted."
    if not done:
        return f"{kept} The same command begins anew."
    if not force:
        return f"{kept} The same command goes on with the others."
    return f"{kept} To go on, give the same command with the others alone: {' '.join(left)}"


def _finished(names: list[str]) -> list[Run]:
    """The runs of these names, each once; refused before anything begins when one of them is not done."""
    from workbench.runs.store import Run, find_run
    from workbench.workspace import Workspace

    folder = Workspace.current().runs
    runs = [Run.load(path) for path in dict.fromkeys(find_run(folder, name) for name in names)]
    for run in runs:
        run.require_done("can be probed")
    return runs


def _in_short(report: Mapping[str, Any]) -> str:
    said = [f"loss {report['loss']['centre']:.4f}"]
    sharpness = report.get("sharpness")
    if sharpness:
        rise = sharpness["rises"][(len(sharpness["rises"]) - 1) // 3]
        if rise["mean"] is not None:
            said.append(f"{rise['mean']:+.4f} at distance {rise['radius']:.2f}")
        else:
            from workbench.analysis.sharpness import smaller_radius

            nearer = f"--radius {smaller_radius(report):.2g}"
            said.append(
                f"no rise at distance {rise['radius']:.3g}, where it overflows: look nearer, {nearer}"
            )
        eigenvalue = sharpness["eigenvalue"]
        if eigenvalue["value"] is not None:
            within = f"{eigenvalue['residual']:.1g}"
            said.append(f"largest eigenvalue {eigenvalue['value']:.4g} ± {within}")
    if report["loss"]["not_finite"]:
        said.append(f"overflow at {how_many(report['loss']['not_finite'], 'point')}")
    return ", ".join(said)


def _say(text: str, *, error: bool = False) -> None:
    Console(stderr=error, highlight=False, soft_wrap=True).print(
        text, style="" if error else "dim", markup=False
    )
